"use client";
// Taking a cluster down: what goes and in which order, what is in the way, what data dies with it or is kept, and the name typed.
import { Button, Group, Modal, Radio, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { kindWords } from "@/lib/provisioning/plan/groups";
import { Answer } from "../../live/answer";
import { startTeardown, teardownQuery } from "../queries";
import type { TeardownAnswer } from "../wire";
import { usd } from "../words";
import css from "./tear-down.module.css";

export function TearDown({ name, disabled }: { name: string; disabled: string }) {
  const [open, setOpen] = useState(false);
  const plan = useQuery({ ...teardownQuery(name), enabled: open });
  return (
    <>
      <Button size="xs" variant="default" disabled={disabled !== ""} title={disabled || undefined} onClick={() => setOpen(true)}>Tear down…</Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={`Tear down ${name}`} size="xl" centered>
        <Answer query={plan} what="what would go">{(answer) => <Form key={answer.digest} name={name} answer={answer} onClose={() => setOpen(false)} />}</Answer>
      </Modal>
    </>
  );
}

type Fate = "keep" | "delete" | "";
const volumesOf = ({ swept }: TeardownAnswer) => swept.filter(({ kind }) => kind === "volume");

function Form({ name, answer, onClose }: { name: string; answer: TeardownAnswer; onClose: () => void }) {
  const router = useRouter();
  const [typed, setTyped] = useState("");
  const [fate, setFate] = useState<Fate>(volumesOf(answer).length === 0 ? "keep" : "");
  const go = useMutation({ mutationFn: () => startTeardown(name, { digest: answer.digest, typed, volumes: fate === "delete" ? "delete" : "keep" }), onSuccess: ({ job }) => router.push(`/jobs/${encodeURIComponent(job)}`) });
  const empty = answer.items.length + answer.swept.length === 0;
  return (
    <>
      {empty && <Text size="sm">Nothing of {name} is on AWS.</Text>}
      <Lost answer={answer} fate={fate} />
      {answer.blockers.length > 0 && <div className={css.foreign} role="alert"><b>In the way, and not of this cluster:</b><ul>{answer.blockers.map(({ id, what }) => <li key={id}><code>{id}</code>, {what}</li>)}</ul>The teardown would stop there and ask. Remove them first, or then.</div>}
      {!empty && <p className={css.how}>{answer.answers ? "The cluster answers: its own controllers remove their load balancers and volumes first, then the machines go, and what is left is found by its tags." : "The cluster does not answer: the machines go, and what its controllers made is found by its tags."}</p>}
      <WhatGoes answer={answer} />
      <Volumes answer={answer} fate={fate} decide={setFate} />
      <TextInput mt="sm" size="xs" label={`Type ${name} to confirm`} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" spellCheck={false} />
      {go.error && <Text mt="sm" size="sm" c="red" role="alert">{go.error.message}</Text>}
      <Group mt="md" justify="flex-end">
        <Text size="xs" c="dimmed" style={{ flex: 1 }}>A job: it goes on after a restart, names what blocks it, and ends with a statement of what is left and what that costs an hour.</Text>
        <Button size="xs" variant="default" onClick={onClose}>Leave it</Button>
        <Button size="xs" color="red" loading={go.isPending} disabled={empty || typed !== name || fate === ""} onClick={() => go.mutate()}>Tear down {name}</Button>
      </Group>
    </>
  );
}

/** Claims' volumes are lost only if that is chosen; disks of machines always. */
function Lost({ answer, fate }: { answer: TeardownAnswer; fate: Fate }) {
  const volumes = volumesOf(answer);
  const lost = answer.data.filter((line) => fate !== "keep" || !volumes.some(({ awsId }) => line.endsWith(awsId)));
  if (lost.length === 0) return null;
  return <div className={css.lost} role="alert"><b>Lost for good{fate === "" && volumes.length > 0 ? ", unless the volumes are kept" : ""}:</b><ul>{lost.map((line) => <li key={line}>{line}</li>)}</ul></div>;
}

function WhatGoes({ answer: { items, swept, problems } }: { answer: TeardownAnswer }) {
  const kinds = [...new Set(items.map(({ kind }) => kind))];
  const made = swept.filter(({ kind }) => kind !== "volume");
  return (
    <>
      {problems.map(({ id, say }) => <Text key={id} size="sm" c="yellow">{say}</Text>)}
      <ol className={css.goes} aria-label="What goes, in this order" tabIndex={0}>
        {made.length > 0 && <li><b>{made.length} made by controllers in the cluster</b> <span>{shortList(made.map(({ awsId, name }) => name || (awsId.split("/").at(-1) ?? awsId)))}</span></li>}
        {kinds.map((kind) => { const mine = items.filter((item) => item.kind === kind); return <li key={kind}><b>{mine.length} × {kindWords[kind]}</b> <span>{shortList(mine.map(({ name }) => name))}</span></li>; })}
      </ol>
    </>
  );
}

const shortList = (names: readonly string[]): string => `${names.slice(0, 8).join(", ")}${names.length > 8 ? " …" : ""}`;

function Volumes({ answer, fate, decide }: { answer: TeardownAnswer; fate: Fate; decide: (fate: Fate) => void }) {
  const volumes = volumesOf(answer);
  if (volumes.length === 0) return null;
  const monthly = (gib: number): string => (answer.gibMonthlyUsd === null ? "no price known" : `$${usd(gib * answer.gibMonthlyUsd)}`);
  const total = volumes.reduce((sum, { sizeGib }) => sum + sizeGib, 0);
  return (
    <>
      <div className={css.scroll} tabIndex={0} role="region" aria-label="Volumes of claims">
        <table className={css.volumes}>
          <caption>{volumes.length} {volumes.length === 1 ? "volume holds" : "volumes hold"} the data of claims</caption>
          <thead><tr><th scope="col">Claim</th><th scope="col" className={css.number}>Size</th><th scope="col" className={css.number}>A month</th><th scope="col">Volume</th></tr></thead>
          <tbody>{volumes.map(({ awsId, claim, sizeGib }) => <tr key={awsId}><td>{claim || "of no known claim"}</td><td className={css.number}>{sizeGib} GiB</td><td className={css.number}>{monthly(sizeGib)}</td><td><code>{awsId}</code></td></tr>)}</tbody>
        </table>
      </div>
      <Radio.Group mt="xs" label="What becomes of them" value={fate} onChange={(value) => decide(value === "delete" ? "delete" : "keep")}>
        <Radio size="xs" mt={4} value="keep" label={`Keep them: their pods are stopped first; ${total} GiB go on costing ${monthly(total)} a month`} />
        <Radio size="xs" mt={4} value="delete" label="Delete them with their data" />
      </Radio.Group>
    </>
  );
}
