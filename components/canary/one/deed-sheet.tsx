"use client";
// Before a deed: what it will change, which verdict it overrides, for which version; without a PASS a promotion wants the name typed.
import { Button, Group, Modal, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import type { RolloutView, RunDetail } from "@/lib/canary/views";
import { useDeed, type Deed, type Workload } from "../queries";

const titles: Partial<Record<Deed, string>> = { promote: "Promote one step?", "promote-full": "Promote fully?", abort: "Abort this version?", retry: "Try it again?", pause: "Hold it?", resume: "Let it go on?" };

function effectOf(deed: Deed, { steps, stepIndex, replicas }: RolloutView): string {
  const next = steps[(stepIndex ?? 0) + 1];
  if (deed === "promote") return next ? `It goes on to the next step: ${next.title}.` : "It goes on past its last step and becomes the stable version.";
  if (deed === "promote-full") return `All steps are skipped: the new version gets all of the traffic and all ${replicas.wanted} pods.`;
  if (deed === "abort") return "The stable version gets all of the traffic back and the new pods are ended. The template still holds the new version: revert it where it comes from, or Git brings it again.";
  if (deed === "retry") return "It begins at its first step again. A version that the judge has failed stays failed.";
  if (deed === "pause") return "It stays where it is. This changes the spec, so Argo CD may let it go again when it heals itself.";
  return "It goes on from where it is held; no step is skipped.";
}

interface SheetProps { of: Workload; deed: Deed; rollout: RolloutView; run: RunDetail | null; onClose: () => void }

export function DeedSheet({ of, deed, rollout, run, onClose }: SheetProps) {
  const [typed, setTyped] = useState("");
  const act = useDeed(of, () => `${of.workload}: done.`);
  const promotes = deed === "promote" || deed === "promote-full";
  const overrides = promotes && run?.word !== "pass";
  const body = promotes ? { hash: rollout.currentHash, typed } : { hash: rollout.currentHash };
  return (
    <Modal opened onClose={onClose} title={titles[deed]} centered>
      <Text size="sm">{effectOf(deed, rollout)}</Text>
      <Text size="sm" mt="xs">Only for the version <code>{rollout.currentHash}</code>; if another is wanted by then, nothing is done.</Text>
      {overrides && (
        <>
          <Text size="sm" mt="xs" c="red">{run ? `The judge says ${run.word}: ${run.sentence}` : "Nobody judges this version."}</Text>
          <TextInput mt="xs" size="xs" label={`Type ${of.workload} to promote it in spite of that`} value={typed} onChange={({ currentTarget }) => setTyped(currentTarget.value)} />
        </>
      )}
      {act.error && <Text mt="sm" size="sm" c="red" role="alert">{act.error.message}</Text>}
      <Group mt="md" justify="flex-end">
        <Button variant="default" size="xs" onClick={onClose}>Leave it</Button>
        <Button size="xs" {...(deed === "abort" ? { color: "red" } : {})} disabled={overrides && typed !== of.workload} loading={act.isPending} onClick={() => act.mutate({ deed, body }, { onSuccess: onClose })}>{(titles[deed] ?? "").replace("?", "")}</Button>
      </Group>
    </Modal>
  );
}
