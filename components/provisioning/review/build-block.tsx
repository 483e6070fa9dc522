"use client";
// The end of a review: the digest that is agreed to, and the one button that carries out exactly it.
import { Button, Checkbox, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { hoursPerMonth } from "@/lib/clusters/prices";
import { isEmpty } from "@/lib/provisioning/plan/model";
import { useMay } from "../../shell/queries";
import { CopyButton } from "../../ui/copy-button";
import { KeyHint } from "../../ui/key-hint";
import { startBuild } from "../queries";
import type { PlanAnswer, RefusedBuild } from "../wire";
import { shortDigest } from "../words";
import css from "./review.module.css";

interface BuildProps { name: string; answer: PlanAnswer; lookAgain: () => void; looking: boolean }

export function BuildBlock({ name, answer, lookAgain, looking }: BuildProps) {
  const { digest, at, checks, counts, longest, cost, plan } = answer;
  const router = useRouter();
  const may = useMay("provisioning.build");
  const [changed, setChanged] = useState<RefusedBuild["changed"]>([]);
  const [typed, setTyped] = useState("");
  const build = useMutation({ mutationFn: () => startBuild(name, digest), onSuccess: (told) => (told.job === null ? setChanged(told.changed) : router.push(`/jobs/${encodeURIComponent(told.job)}`)) });
  const stop = checks.find(({ state }) => state === "stop");
  const loses = (counts.delete ?? 0) + (counts.replace ?? 0);
  const steps = plan.items.filter(({ act }) => act !== "keep").length;
  const why = !may ? "Building needs the role operator. Ask an administrator." : stop ? `${stop.title}: ${stop.say}` : isEmpty(plan) ? "There is nothing to do." : loses > 0 && typed !== name ? `Type ${name}: ${loses} ${loses === 1 ? "thing is" : "things are"} deleted or made anew.` : "";
  const time = new Date(at).toLocaleTimeString("en-GB");
  return (
    <footer className={css.build}>
      {changed.length > 0 && <Changed changed={changed} onSeen={() => { setChanged([]); lookAgain(); }} />}
      {loses > 0 && may && <TextInput size="xs" aria-label={`Type ${name} to confirm`} placeholder={`Type ${name}: ${loses} deleted or made anew`} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" spellCheck={false} />}
      <div className={css.digest}><span>Plan digest</span><code title={digest}>{shortDigest(digest)}</code><CopyButton text={digest} what="digest" /><button type="button" className={css.again} onClick={lookAgain} title="Look at the world again">{looking ? "looking…" : time}</button></div>
      <Button fullWidth h={36} data-build disabled={why !== "" || changed.length > 0} loading={build.isPending} onClick={() => build.mutate()} rightSection={<KeyHint>⌘↵</KeyHint>} classNames={{ root: css.button }}>Build cluster</Button>
      <p className={css.under} role={why === "" ? undefined : "status"} data-why={why !== "" || undefined}>
        {build.error ? build.error.message : why !== "" ? why : `${steps} steps, about ${Math.max(1, Math.round(longest.ms / 60_000))} min, then $${(cost.totalUsd / hoursPerMonth).toFixed(2)} an hour`}
      </p>
    </footer>
  );
}

function Changed({ changed, onSeen }: { changed: RefusedBuild["changed"]; onSeen: () => void }) {
  const [read, setRead] = useState(false);
  return (
    <div className={css.changed} role="alert">
      <p>The world has changed since this plan was made. Nothing was started.</p>
      <ul>{changed.slice(0, 8).map(({ id, was, now }) => <li key={id}><code>{id}</code> {was} → <b>{now}</b></li>)}</ul>
      {changed.length > 8 && <p>and {changed.length - 8} more</p>}
      <Checkbox size="xs" label="I have read it" checked={read} onChange={(event) => setRead(event.currentTarget.checked)} />
      <Button size="xs" variant="default" disabled={!read} onClick={onSeen}>Review {changed.length} {changed.length === 1 ? "change" : "changes"}</Button>
    </div>
  );
}
