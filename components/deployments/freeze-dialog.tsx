"use client";
// Freezes in force and to come: ended by hand, or a new one with its reason, its end, and what it binds.
import { Button, Checkbox, Group, Modal, SegmentedControl, TagsInput, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { z } from "zod";
import { isInForce, type FreezeWindow } from "@/lib/deployments/rules/freeze";
import { tierNames, tiers } from "@/lib/placement/model";
import { nothing, useAct } from "../access/use-act";
import { useNow } from "../live/use-now";
import { useMay } from "../shell/queries";
import css from "./freeze-dialog.module.css";
import { api, deploymentsKey, useFreezes } from "./queries";
import { whenText } from "./words";

export function FreezeButton({ cluster }: { cluster: string }) {
  const [open, setOpen] = useState(false);
  const now = useNow(15_000);
  const freezes = (useFreezes(cluster, 0).data?.freezes ?? []).filter(({ until, endedAt }) => endedAt === null && until > now);
  const inForce = freezes.filter((one) => isInForce(one, now)).length;
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setOpen(true)}>{inForce > 0 ? `Frozen (${inForce})` : "Freeze"}</Button>
      <Modal opened={open} onClose={() => setOpen(false)} title="Freezes" size="lg">
        {freezes.length === 0 ? <Text size="sm" c="dimmed">None in force, none to come.</Text> : <ul className={css.list}>{freezes.map((one) => <Line key={one.id} freeze={one} cluster={cluster} now={now} />)}</ul>}
        <NewFreeze cluster={cluster} onDone={() => setOpen(false)} />
      </Modal>
    </>
  );
}

function Line({ freeze, cluster, now }: { freeze: FreezeWindow; cluster: string; now: number }) {
  const may = useMay("deployment.freeze");
  const end = useAct(nothing, { reads: [deploymentsKey] });
  const whom = freeze.tiers.length === 0 ? "all tiers" : `tier ${freeze.tiers.join(", ")}`;
  return (
    <li className={css.line}>
      <div><strong>{freeze.mode === "block" ? "Blocks" : "Warns"}</strong> {whom}{freeze.namespaces.length > 0 && `, in ${freeze.namespaces.join(", ")}`} <span className={css.why}>{freeze.why}</span>
        <small>{whenText(freeze.startsAt, now)} to {whenText(freeze.until, now)}, by {freeze.createdBy}</small></div>
      <Button size="xs" variant="default" disabled={!may} loading={end.isPending} onClick={() => end.mutate({ url: `${api(cluster)}/freezes/${freeze.id}/end`, done: "The freeze has ended." })}>End now</Button>
    </li>
  );
}

const made = z.object({ id: z.string() });
const local = (at: number): string => new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

function NewFreeze({ cluster, onDone }: { cluster: string; onDone: () => void }) {
  const may = useMay("deployment.freeze");
  const [why, setWhy] = useState("");
  const [mode, setMode] = useState("block");
  const [own, setOwn] = useState<string[]>([]);
  const [namespaces, setNamespaces] = useState<string[]>([]);
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState(() => local(Date.now() + 8 * 3_600_000));
  const make = useAct(made, { reads: [deploymentsKey], quiet: true, onSuccess: onDone });
  const send = () => make.mutate({ url: `${api(cluster)}/freezes`, body: { why, mode, tiers: own.map(Number), namespaces, until: new Date(until).getTime(), ...(from === "" ? {} : { startsAt: new Date(from).getTime() }) }, done: "Frozen." });
  return (
    <form className={css.form} onSubmit={(event) => { event.preventDefault(); send(); }}>
      <h3>A new freeze</h3>
      <TextInput size="xs" label="Why" description="Whoever is stopped by it reads this" value={why} onChange={({ currentTarget }) => setWhy(currentTarget.value)} required minLength={3} maxLength={300} />
      <Group gap="md" align="end">
        <TextInput size="xs" type="datetime-local" label="From" description="Empty: now" value={from} onChange={({ currentTarget }) => setFrom(currentTarget.value)} />
        <TextInput size="xs" type="datetime-local" label="Until" value={until} onChange={({ currentTarget }) => setUntil(currentTarget.value)} required />
        <SegmentedControl size="xs" aria-label="What it does" value={mode} onChange={setMode} data={[{ value: "block", label: "Blocks" }, { value: "warn", label: "Warns only" }]} />
      </Group>
      <Checkbox.Group label="Tiers" description="None: all of them" value={own} onChange={setOwn} size="xs"><Group gap="md" mt={4}>{tiers.map((tier) => <Checkbox key={tier} size="xs" value={String(tier)} label={`${tier} ${tierNames[tier]}`} />)}</Group></Checkbox.Group>
      <TagsInput size="xs" label="Namespaces" description="None: all of them" value={namespaces} onChange={setNamespaces} />
      {make.error && <Text size="sm" c="var(--word-red)" role="alert">{make.error.message}</Text>}
      <Group justify="flex-end"><Button size="xs" type="submit" loading={make.isPending} disabled={!may} title={may ? undefined : "Freezing needs the permission deployment.freeze."}>Freeze</Button></Group>
    </form>
  );
}
