"use client";
// Begins a stepped canary: which Deployment, which image, how much of the requests for how long; with the share that so many pods really make.
import { Button, Group, Modal, NativeSelect, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { z } from "zod";
import type { Steppable } from "@/lib/canary/stepper/left-over";
import { podShare, shareText } from "@/lib/canary/stepper/share";
import { postJson } from "../live/fetch-json";

const usual = "5% 5m, 25% 15m, 50% 15m";

/** "5% 5m, 25% 15m"; null where it is written otherwise. */
function stepsOf(text: string): { weight: number; holdSeconds: number }[] | null {
  const parts = text.split(",").map((part) => /^\s*(\d{1,2})\s*%\s+(\d{1,5})\s*(s|m|h)\s*$/.exec(part));
  const lengths: Record<string, number> = { s: 1, m: 60, h: 3600 };
  const steps = parts.flatMap((part) => (part ? [{ weight: Number(part[1]), holdSeconds: Number(part[2]) * (lengths[part[3] ?? "s"] ?? 1) }] : []));
  return steps.length === parts.length ? steps : null;
}

export function StartSheet({ cluster, from, onClose }: { cluster: string; from: readonly Steppable[]; onClose: () => void }) {
  const cache = useQueryClient();
  const router = useRouter();
  const [at, setAt] = useState(`${from[0]?.namespace ?? ""}/${from[0]?.name ?? ""}`);
  const chosen = from.find(({ namespace, name }) => `${namespace}/${name}` === at);
  const [container, setContainer] = useState("");
  const own = chosen?.containers.find(({ name }) => name === container) ?? chosen?.containers[0];
  const [image, setImage] = useState<string | null>(null);
  const [plan, setPlan] = useState(usual);
  const steps = stepsOf(plan);
  const wanted = image ?? own?.image ?? "";
  const start = useMutation({
    mutationFn: () => postJson(`/api/clusters/${encodeURIComponent(cluster)}/canary/stepped`, z.object({ job: z.string() }), { namespace: chosen?.namespace, workload: chosen?.name, container: own?.name, image: wanted, steps }),
    onSuccess: ({ job }) => router.push(`/jobs/${job}`),
    onSettled: () => cache.invalidateQueries({ queryKey: ["canary", cluster] }),
  });
  return (
    <Modal opened onClose={onClose} title="Step a canary" centered>
      <NativeSelect size="xs" label="Deployment" data={from.map(({ namespace, name }) => `${namespace}/${name}`)} value={at} onChange={({ currentTarget }) => { setAt(currentTarget.value); setImage(null); }} />
      {chosen && chosen.containers.length > 1 && <NativeSelect mt="xs" size="xs" label="Container" data={chosen.containers.map(({ name }) => name)} value={own?.name ?? ""} onChange={({ currentTarget }) => { setContainer(currentTarget.value); setImage(null); }} />}
      <TextInput mt="xs" size="xs" label="Image" description={`It runs ${own?.image ?? "nothing"} now.`} value={wanted} onChange={({ currentTarget }) => setImage(currentTarget.value)} />
      <TextInput mt="xs" size="xs" label="Steps" description="How much of the requests, and for how long at least" value={plan} onChange={({ currentTarget }) => setPlan(currentTarget.value)} error={steps === null ? `Write it as ${usual}` : undefined} />
      {chosen && steps?.map(({ weight }) => {
        const share = podShare({ replicas: chosen.replicas, weight, keepStable: false });
        return <Text key={weight} size="xs" mt={4}>{shareText(weight, share.real, share)}</Text>;
      })}
      <Text size="xs" mt="xs">Where a load balancer stands before it, its weights are the shares. Each step is held until the judge allows the next; without an analysis, time alone decides.</Text>
      {start.error && <Text mt="sm" size="sm" c="red" role="alert">{start.error.message}</Text>}
      <Group mt="md" justify="flex-end">
        <Button variant="default" size="xs" onClick={onClose}>Leave it</Button>
        <Button size="xs" disabled={steps === null || !chosen || wanted === "" || wanted === own?.image} loading={start.isPending} onClick={() => start.mutate()}>Begin</Button>
      </Group>
    </Modal>
  );
}
