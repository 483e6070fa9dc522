"use client";
// The shape of a cluster: its name and place, and per tier the pools of machines.
import { Button, Checkbox, NumberInput, Select, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { machineTypes } from "@/lib/clusters/machine-types";
import { tierNames } from "@/lib/placement/model";
import { fieldNotes, type NotedField } from "@/lib/provisioning/field-notes";
import { linesToMap, linesToTaints, mapToLines, taintsToLines } from "@/lib/provisioning/lines";
import { TierBadge } from "../../placement/tier-badge";
import { addPool, changePool, faultOf, removePool, type DraftPool, type Form } from "./draft";
import { LinesField, TextField } from "./field";
import css from "./wizard.module.css";

export function ShapeStep({ form, isNew }: { form: Form; isNew: boolean }) {
  const { draft, change } = form;
  return (
    <>
      <section className={css.section} aria-label="Name and place">
        <div className={css.fields}>
          <TextField form={form} field="name" of="name" value={draft.name} set={(name) => change({ ...draft, name })} disabled={form.disabled || !isNew} />
          <TextField form={form} field="region" of="region" value={draft.region} set={(region) => change({ ...draft, region })} />
          <TextField form={form} field="kubernetesVersion" of="kubernetesVersion" value={draft.kubernetesVersion} set={(kubernetesVersion) => change({ ...draft, kubernetesVersion })} />
        </div>
      </section>
      {draft.tiers.map(({ tier, pools }, tierAt) => (
        <section key={tier} className={css.section} aria-label={`Tier ${tier}`}>
          <h2 className={css.tier}><TierBadge tier={tier} look="fill" /> {tierNames[tier]} <Button size="compact-xs" variant="default" leftSection={<IconPlus size={12} />} disabled={form.disabled} onClick={() => change(addPool(draft, tierAt))}>Pool</Button></h2>
          {pools.length === 0 && <p className={css.none}>No machine. Workloads of this tier will run elsewhere, or wait.</p>}
          {pools.map((pool, poolAt) => <PoolFields key={poolAt} form={form} pool={pool} at={[tierAt, poolAt]} />)}
        </section>
      ))}
      <Meanings of={["tiers.pools.name", "tiers.pools.role", "tiers.pools.count", "tiers.pools.instanceType", "tiers.pools.rootVolumeGib", "tiers.pools.zone", "tiers.pools.zoneFull", "tiers.pools.spot", "tiers.pools.labels", "tiers.pools.taints"]} />
    </>
  );
}

function Meanings({ of }: { of: readonly NotedField[] }) {
  return (
    <details className={css.meanings}>
      <summary>What a pool's fields mean, and what the reference system used</summary>
      <dl>{of.map((field) => <div key={field}><dt>{fieldNotes[field].label}</dt><dd>{fieldNotes[field].means} <i>Reference: {fieldNotes[field].reference}.</i></dd></div>)}</dl>
    </details>
  );
}

function typeOptions(now: string) {
  const known = machineTypes.map(({ name, cpuMillis, memoryBytes, monthlyUsd }) => ({ value: name, label: `${name} · ${cpuMillis / 1000} vCPU, ${memoryBytes / 1024 ** 3} GiB${monthlyUsd === null ? "" : ` · $${Math.round(monthlyUsd)}`}` }));
  return known.some(({ value }) => value === now) ? known : [{ value: now, label: now }, ...known];
}

function PoolFields({ form, pool, at }: { form: Form; pool: DraftPool; at: readonly [number, number] }) {
  const { draft, change, faults, disabled, focus } = form;
  const [tierAt, poolAt] = at;
  const field = `tiers.${tierAt}.pools.${poolAt}`;
  const set = (part: Partial<DraftPool>): void => change(changePool(draft, at, part));
  const zones = [{ value: "spread", label: "spread" }, ...draft.network.subnets.map(({ zone }) => ({ value: zone, label: zone }))];
  const of = (name: string) => ({ size: "xs", disabled, error: faultOf(faults, `${field}.${name}`), autoFocus: focus === `${field}.${name}` || (focus === "tiers" && name === "name" && tierAt === 0 && poolAt === 0) } as const);
  const whole = (value: string | number): number => (typeof value === "number" ? value : 0);
  return (
    <div className={css.pool} role="group" aria-label={`Pool ${pool.name}`}>
      <TextInput label="Pool" {...of("name")} value={pool.name} onChange={(event) => set({ name: event.currentTarget.value })} autoComplete="off" spellCheck={false} />
      <NumberInput label="Machines" {...of("count")} value={pool.count} min={1} max={50} allowDecimal={false} onChange={(value) => set({ count: whole(value) })} />
      <Select label="Type" {...of("instanceType")} value={pool.instanceType} data={typeOptions(pool.instanceType)} searchable allowDeselect={false} onChange={(value) => value !== null && set({ instanceType: value })} />
      <NumberInput label="Disk, GiB" {...of("rootVolumeGib")} value={pool.rootVolumeGib} min={20} max={16384} allowDecimal={false} onChange={(value) => set({ rootVolumeGib: whole(value) })} />
      <Select label="Zone" {...of("zone")} value={pool.zone} data={zones.some(({ value }) => value === pool.zone) ? zones : [...zones, { value: pool.zone, label: pool.zone }]} allowDeselect={false} onChange={(value) => value !== null && set({ zone: value })} />
      <Button className={css.remove} size="compact-xs" variant="subtle" color="gray" disabled={disabled || pool.role === "control-plane"} aria-label={`Remove pool ${pool.name}`} title={pool.role === "control-plane" ? "A cluster needs its control plane" : "Remove"} onClick={() => change(removePool(draft, at))}><IconTrash size={14} /></Button>
      {pool.role === "control-plane" && <p className={css.role}>Control plane: kubeadm gives it its label and taint.{faultOf(faults, `${field}.role`) && <b> {faultOf(faults, `${field}.role`)}</b>}</p>}
      <details className={css.more} open={faults.some((fault) => /\.(labels|taints|spot|zoneFull)/.test(fault.field) && fault.field.startsWith(field)) || undefined}>
        <summary>Labels, taints, spot{Object.keys(pool.labels).length > 0 && <span> · {mapToLines(pool.labels).replaceAll("\n", ", ")}</span>}</summary>
        <div className={css.moreFields}>
          <LinesField form={form} field={`${field}.labels`} of="tiers.pools.labels" value={pool.labels} toText={mapToLines} fromText={linesToMap} set={(labels) => set({ labels })} plain />
          <LinesField form={form} field={`${field}.taints`} of="tiers.pools.taints" value={pool.taints} toText={taintsToLines} fromText={linesToTaints} set={(taints) => set({ taints })} plain />
          <Select label="Zone full" {...of("zoneFull")} value={pool.zoneFull} data={[{ value: "next-zone", label: "take the next zone" }, { value: "wait", label: "wait for this zone" }]} allowDeselect={false} onChange={(value) => set({ zoneFull: value === "wait" ? "wait" : "next-zone" })} />
          <Checkbox label="Spot machines" {...of("spot")} checked={pool.spot} onChange={(event) => set({ spot: event.currentTarget.checked })} />
        </div>
      </details>
    </div>
  );
}
