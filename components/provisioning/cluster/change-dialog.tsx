"use client";
// One change of a living cluster: its plan, what it costs, what stands in its way, what is moved and lost; then the job that does it.
import { Button, Checkbox, Group, Modal, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { Change } from "@/lib/provisioning/model";
import { kindWords } from "@/lib/provisioning/plan/groups";
import { Answer } from "../../live/answer";
import { DrainPreview } from "../../placement/drawer/drain-preview";
import { drainPreviewQuery } from "../../placement/drawer/queries";
import type { WireDrainPreview } from "../../placement/drawer/wire";
import { PodMark } from "../../placement/pod-mark";
import { changeQuery, startChange } from "../queries";
import type { ChangeAnswer } from "../wire";
import { actMarks, fieldText, usd } from "../words";
import css from "./cluster-page.module.css";

const titles: Record<Change["kind"], (change: Change) => string> = {
  "add-node": (change) => `Add a node to ${"pool" in change ? change.pool : ""}`,
  "remove-node": (change) => `Remove ${"node" in change ? change.node : ""}`,
  "replace-node": (change) => `Replace ${"node" in change ? change.node : ""}`,
  "pool-settings": (change) => `Labels and taints of ${"pool" in change ? change.pool : ""}`,
};

export function ChangeDialog({ name, wish, onClose }: { name: string; wish: Change; onClose: () => void }) {
  return <Modal opened onClose={onClose} title={titles[wish.kind](wish)} size="xl" centered><ChangePlan name={name} wish={wish} onClose={onClose} /></Modal>;
}

export function ChangePlan({ name, wish, onClose }: { name: string; wish: Change; onClose: () => void }) {
  const plan = useQuery(changeQuery(name, wish));
  return <Answer query={plan} what="what it would do">{(answer) => <Agreed name={name} wish={wish} answer={answer} onClose={onClose} />}</Answer>;
}

function Agreed({ name, wish, answer, onClose }: { name: string; wish: Change; answer: ChangeAnswer; onClose: () => void }) {
  const router = useRouter();
  const [goes] = answer.goes;
  const drain = useQuery({ ...drainPreviewQuery(name, goes ?? ""), enabled: goes !== undefined });
  const [consent, setConsent] = useState({ emptyDir: false, bare: false });
  const [typed, setTyped] = useState("");
  const go = useMutation({ mutationFn: () => startChange(name, { change: wish, digest: answer.digest, consent, typed }), onSuccess: ({ job }) => router.push(`/jobs/${encodeURIComponent(job)}`) });
  const counts = drain.data?.counts;
  const missing = goes !== undefined && (typed !== goes || ((counts?.dataLost ?? 0) > 0 && !consent.emptyDir) || ((counts?.bare ?? 0) > 0 && !consent.bare));
  const blocked = answer.checks.some(({ state }) => state === "stop");
  return (
    <>
      <PlanRows answer={answer} />
      {wish.kind === "replace-node" && <p className={css.note}>{answer.comes.join(", ")} is Ready before the first pod is moved; what is said here of where pods could go does not count it yet.</p>}
      {goes !== undefined && <Departure node={goes} drain={drain.data} wrong={drain.error?.message ?? ""} consent={consent} setConsent={setConsent} />}
      {goes !== undefined && <TextInput mt="sm" size="xs" label={`Type ${goes} to confirm: what is on its disk is lost`} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" spellCheck={false} />}
      {go.error && <Text mt="sm" size="sm" c="red" role="alert">{go.error.message}</Text>}
      <Group mt="md" justify="flex-end">
        <Text size="xs" c="dimmed" style={{ flex: 1, minWidth: 200 }}>A job: it does exactly this plan, can be stopped, and goes on after a restart.</Text>
        <Button size="xs" variant="default" onClick={onClose}>Leave it</Button>
        <Button size="xs" color={goes === undefined ? "indigo" : "red"} loading={go.isPending} disabled={missing || blocked} onClick={() => go.mutate()}>{goes === undefined ? "Do it" : wish.kind === "replace-node" ? `Replace ${goes}` : `Remove ${goes}`}</Button>
      </Group>
    </>
  );
}

function PlanRows({ answer: { items, checks, cost, drift } }: { answer: ChangeAnswer }) {
  const more = cost.afterUsd - cost.beforeUsd;
  return (
    <>
      <ul className={css.acts} aria-label="What it does">
        {items.map(({ id, act, kind, name, reason, changes, awsId }) => (
          <li key={`${id} ${awsId ?? ""}`}>
            <b data-act={act}>{actMarks[act].mark} {actMarks[act].word}</b>
            <span>{kindWords[kind]} <span className={css.mono}>{name}</span></span>
            <span className={css.dim}>{changes.length > 0 ? changes.map(({ field, was, wanted }) => `${field}: ${fieldText(was)} → ${fieldText(wanted)}`).join("; ") : reason}</span>
          </li>
        ))}
      </ul>
      <p className={css.note}>{Math.abs(more) < 0.005 ? `It costs nothing more: $${usd(cost.afterUsd)} a month, as before.` : `$${usd(cost.beforeUsd)} → $${usd(cost.afterUsd)} a month (${more > 0 ? "+" : "−"}$${usd(Math.abs(more))}).`}</p>
      {drift > 0 && <p className={css.note}>{drift} other {drift === 1 ? "difference" : "differences"} from the blueprint {drift === 1 ? "is" : "are"} left as {drift === 1 ? "it is" : "they are"}; see Drift.</p>}
      {checks.map(({ id, title, state, say, fix }) => <p key={id} className={css.note} data-state={state}><PodMark state={state === "stop" ? "failed" : "warning"} size={10} /> {title}: {say} {fix}</p>)}
    </>
  );
}

interface DepartureProps { node: string; drain: WireDrainPreview | undefined; wrong: string; consent: { emptyDir: boolean; bare: boolean }; setConsent: (consent: { emptyDir: boolean; bare: boolean }) => void }

function Departure({ node, drain, wrong, consent, setConsent }: DepartureProps) {
  if (!drain) return <p className={css.note}>{wrong === "" ? `Looking at the pods of ${node} …` : `What runs on ${node} could not be looked at: ${wrong}`}</p>;
  const { dataLost, bare } = drain.counts;
  return (
    <>
      <DrainPreview preview={drain} />
      {dataLost > 0 && <Checkbox mt="sm" size="xs" checked={consent.emptyDir} onChange={(event) => setConsent({ ...consent, emptyDir: event.currentTarget.checked })} label={`Lose the emptyDir data of ${dataLost} ${dataLost === 1 ? "pod" : "pods"}`} />}
      {bare > 0 && <Checkbox mt="xs" size="xs" checked={consent.bare} onChange={(event) => setConsent({ ...consent, bare: event.currentTarget.checked })} label={`Remove ${bare} ${bare === 1 ? "pod" : "pods"} that nobody makes again`} />}
    </>
  );
}
