"use client";
// Drains a node after showing what follows: where each pod could go, what forbids it, what would be lost. Starts a job.
import { Button, Checkbox, Group, Modal, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useMay } from "@/components/shell/queries";
import type { NodeRow } from "@/lib/placement/model";
import { Answer } from "@/components/live/answer";
import { DrainPreview } from "./drain-preview";
import { drainNode, drainPreviewQuery } from "./queries";
import type { WireDrainPreview } from "./wire";

export function DrainNode({ slug, node, disabled }: { slug: string; node: NodeRow; disabled: string }) {
  const may = useMay("node.drain");
  const [open, setOpen] = useState(false);
  const why = disabled || (may ? "" : "Draining needs the permission node.drain.");
  const preview = useQuery({ ...drainPreviewQuery(slug, node.name), enabled: open });
  return (
    <>
      <Button size="xs" variant="default" disabled={why !== ""} title={why || undefined} onClick={() => setOpen(true)}>Drain…</Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={`Drain ${node.name}`} size="xl" centered>
        <Answer query={preview} what="the preview">{(data) => <Form slug={slug} preview={data} disabled={why} onClose={() => setOpen(false)} />}</Answer>
      </Modal>
    </>
  );
}

function Form({ slug, preview, disabled, onClose }: { slug: string; preview: WireDrainPreview; disabled: string; onClose: () => void }) {
  const router = useRouter();
  const [consent, setConsent] = useState({ emptyDir: false, bare: false });
  const [typed, setTyped] = useState("");
  const { counts, node } = preview;
  const drain = useMutation({ mutationFn: () => drainNode(slug, node, consent), onSuccess: ({ job }) => router.push(`/jobs/${encodeURIComponent(job)}`) });
  const loses = counts.dataLost > 0 || counts.bare > 0;
  const missing = (counts.dataLost > 0 && !consent.emptyDir) || (counts.bare > 0 && !consent.bare) || (loses && typed !== node);
  return (
    <>
      <DrainPreview preview={preview} />
      {counts.dataLost > 0 && <Checkbox mt="sm" size="xs" checked={consent.emptyDir} onChange={(event) => setConsent({ ...consent, emptyDir: event.currentTarget.checked })} label={`Lose the emptyDir data of ${counts.dataLost} ${counts.dataLost === 1 ? "pod" : "pods"}`} />}
      {counts.bare > 0 && <Checkbox mt="xs" size="xs" checked={consent.bare} onChange={(event) => setConsent({ ...consent, bare: event.currentTarget.checked })} label={`Remove ${counts.bare} ${counts.bare === 1 ? "pod" : "pods"} that nobody makes again`} />}
      {loses && <TextInput mt="sm" size="xs" label={`Type ${node} to confirm: data can be lost`} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" spellCheck={false} />}
      {drain.error && <Text mt="sm" size="sm" c="red" role="alert">{drain.error.message}</Text>}
      <Group mt="md" justify="flex-end">
        <Text size="xs" c="dimmed" flex="1 1 220px">A job: by eviction, never by delete; it can be stopped and goes on after a restart.</Text>
        <Button size="xs" variant="default" onClick={onClose}>Leave it</Button>
        <Button size="xs" color="red" loading={drain.isPending} disabled={missing || disabled !== ""} onClick={() => drain.mutate()}>Drain {node}</Button>
      </Group>
    </>
  );
}
