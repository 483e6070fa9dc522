"use client";
// Silences of Alertmanager: which hold, since when, by whom and why; and the sheet that makes one for an alert, with a reason and an end.
import { Button, Group, Modal, NativeSelect, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { z } from "zod";
import { Trouble } from "@/components/live/answer";
import { fetchJson, postJson } from "@/components/live/fetch-json";
import { useNow } from "@/components/live/use-now";
import { ageText } from "@/components/placement/map/amounts";
import { PodMark } from "@/components/placement/pod-mark";
import { useMay } from "@/components/shell/queries";
import { Panel } from "@/components/ui/panel";
import { StatePicture } from "@/components/ui/state-picture";
import type { Alert } from "@/lib/metrics/model";
import { matchersOf, matcherText, silence, type Silence } from "@/lib/metrics/silences";
import { metricsPath } from "../queries";
import css from "./watch.module.css";

const answer = z.object({ known: z.array(silence).nullable() });
const keyOf = (cluster: string) => ["metrics", cluster, "silences"] as const;

/** `known` is null where no Alertmanager is configured. */
export function useSilences(cluster: string) {
  return useQuery({ queryKey: keyOf(cluster), queryFn: ({ signal }) => fetchJson(`${metricsPath(cluster)}/silences`, answer, { signal }), refetchInterval: 15_000, retry: false });
}

const marks = { active: "pending", pending: "starting", expired: "unknown" } as const;

export function SilencesPanel({ cluster }: { cluster: string }) {
  const { data, error, refetch } = useSilences(cluster);
  if (!data && error) return <Panel title="Silences"><Trouble error={error} what="the silences" retry={() => void refetch()} /></Panel>;
  if (!data || data.known === null) return null;
  const active = data.known.filter(({ state }) => state === "active").length;
  return (
    <Panel title="Silences" aside={`${active} active`}>
      {data.known.length === 0 ? <StatePicture kind="empty" title="Nothing is silenced" say="An alert above can be, with a reason and an end." /> : <ul className={css.rows}>{data.known.map((one) => <SilenceRow key={one.id} cluster={cluster} one={one} />)}</ul>}
    </Panel>
  );
}

function SilenceRow({ cluster, one: { id, state, matchers, endsAt, createdBy, comment } }: { cluster: string; one: Silence }) {
  const now = useNow();
  const may = useMay("alert.silence");
  const cache = useQueryClient();
  const expire = useMutation({ mutationFn: () => postJson(`${metricsPath(cluster)}/silences/${id}/expire`, z.unknown(), {}), onSettled: () => cache.invalidateQueries({ queryKey: keyOf(cluster) }) });
  const when = now === 0 ? "" : state === "expired" ? `ended ${ageText(now - endsAt)} ago` : `${ageText(endsAt - now)} left`;
  return (
    <li className={css.rule}>
      <PodMark state={marks[state]} label={state} />
      <span className={css.main}>
        <b>{comment || "No reason was given"}</b> <small>by {createdBy || "somebody"}</small>
        <span className={css.expression}><code>{matchers.map(matcherText).join(" ")}</code></span>
        {expire.error && <span className={css.fault} role="alert">{expire.error.message}</span>}
      </span>
      <span className={css.figure} suppressHydrationWarning>{when} {may && state !== "expired" && <Button size="compact-xs" variant="default" loading={expire.isPending} onClick={() => expire.mutate()}>End it</Button>}</span>
    </li>
  );
}

const lengths = [{ value: "30", label: "30 minutes" }, { value: "120", label: "2 hours" }, { value: "480", label: "8 hours" }, { value: "1440", label: "a day" }, { value: "10080", label: "a week" }];

export function SilenceSheet({ cluster, of: { name, labels }, onClose }: { cluster: string; of: Alert; onClose: () => void }) {
  const cache = useQueryClient();
  const [minutes, setMinutes] = useState("120");
  const [reason, setReason] = useState("");
  const matchers = matchersOf(name, labels);
  const make = useMutation({
    mutationFn: () => postJson(`${metricsPath(cluster)}/silences`, z.object({ id: z.string() }), { matchers, minutes: Number(minutes), reason }),
    onSuccess: onClose,
    onSettled: () => cache.invalidateQueries({ queryKey: keyOf(cluster) }),
  });
  return (
    <Modal opened onClose={onClose} title={`Silence ${name}?`} centered>
      <Text size="sm">Nobody is told of it by Alertmanager until the silence ends. It goes on being watched and shown here. Held back is what has all of:</Text>
      <Text size="xs" mt="xs" ff="monospace" style={{ overflowWrap: "anywhere" }}>{matchers.map(matcherText).join(" ")}</Text>
      <NativeSelect mt="xs" size="xs" label="For" data={lengths} value={minutes} onChange={({ currentTarget }) => setMinutes(currentTarget.value)} />
      <TextInput mt="xs" size="xs" label="Why" value={reason} onChange={({ currentTarget }) => setReason(currentTarget.value)} />
      {make.error && <Text mt="sm" size="sm" c="red" role="alert">{make.error.message}</Text>}
      <Group mt="md" justify="flex-end">
        <Button variant="default" size="xs" onClick={onClose}>Leave it</Button>
        <Button size="xs" disabled={reason.trim().length < 3} loading={make.isPending} onClick={() => make.mutate()}>Silence</Button>
      </Group>
    </Modal>
  );
}
