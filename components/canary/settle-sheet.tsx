"use client";
// A person's word on a stepped canary: what it will do, why it is said, and the name typed where no judge has said that it is good.
import { Button, Group, Modal, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { z } from "zod";
import type { SteppedCanary } from "@/lib/canary/stepper/left-over";
import { postJson } from "../live/fetch-json";

export interface Settling { one: SteppedCanary; how: "promote" | "abort" }

export function SettleSheet({ cluster, settling: { one, how }, onClose }: { cluster: string; settling: Settling; onClose: () => void }) {
  const { namespace, workload, canary, job, leftOver } = one;
  const cache = useQueryClient();
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const act = useMutation({
    mutationFn: () => postJson(`/api/clusters/${encodeURIComponent(cluster)}/canary/stepped/${leftOver ? "settle" : "decide"}`, z.object({ job: z.string() }), leftOver ? { namespace, workload, settle: how } : { namespace, workload, job, decision: how, reason }),
    onSuccess: onClose,
    onSettled: () => cache.invalidateQueries({ queryKey: ["canary", cluster] }),
  });
  const ready = (leftOver || reason.trim().length >= 3) && (how === "abort" || typed === workload);
  return (
    <Modal opened onClose={onClose} title={how === "promote" ? `Promote ${workload}?` : `Roll ${workload} back?`} centered>
      <Text size="sm">{how === "promote" ? `${namespace}/${workload} is updated to the canary's image by its own rolling update, then ${canary} is removed.` : `${namespace}/${workload} gets back all pods it had and all requests, then ${canary} is removed.`}</Text>
      {leftOver ? <Text size="sm" mt="xs">{job || "The job that made it"} steps it no more; a job of its own settles it.</Text> : <TextInput mt="xs" size="xs" label="Why" value={reason} onChange={({ currentTarget }) => setReason(currentTarget.value)} />}
      {how === "promote" && <TextInput mt="xs" size="xs" label={`Type ${workload} to promote it on your word`} value={typed} onChange={({ currentTarget }) => setTyped(currentTarget.value)} />}
      {act.error && <Text mt="sm" size="sm" c="red" role="alert">{act.error.message}</Text>}
      <Group mt="md" justify="flex-end">
        <Button variant="default" size="xs" onClick={onClose}>Leave it</Button>
        <Button size="xs" {...(how === "abort" ? { color: "red" } : {})} disabled={!ready} loading={act.isPending} onClick={() => act.mutate()}>{how === "promote" ? "Promote" : "Roll back"}</Button>
      </Group>
    </Modal>
  );
}
