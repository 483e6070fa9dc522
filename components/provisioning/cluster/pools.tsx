"use client";
// The machines of a cluster by pool, with what can be done to each while the cluster lives.
import { Button, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import Link from "next/link";
import { useState } from "react";
import { machinesOf } from "@/lib/provisioning/machines";
import type { Blueprint, Change, Pool } from "@/lib/provisioning/model";
import type { PlanItem } from "@/lib/provisioning/plan/model";
import { PodMark } from "../../placement/pod-mark";
import { TierBadge } from "../../placement/tier-badge";
import { useMay } from "../../shell/queries";
import { Panel } from "../../ui/panel";
import { ChangeDialog } from "./change-dialog";
import { PoolDialog } from "./pool-dialog";
import { settingsText } from "./settings-text";
import css from "./cluster-page.module.css";

/** `built`: there is a cluster to be changed; before that the blueprint is. */
export function Pools({ blueprint, items, built }: { blueprint: Blueprint; items: readonly PlanItem[] | undefined; built: boolean }) {
  const [wish, setWish] = useState<Change | null>(null);
  const [pool, setPool] = useState<Pool | null>(null);
  const may = useMay("provisioning.build");
  const why = !built ? "Before the cluster is built, change its blueprint." : may ? "" : "Changing a cluster needs the role operator.";
  const machines = machinesOf(blueprint);
  return (
    <Panel title="Machines" aside={`${machines.length} in ${blueprint.tiers.reduce((sum, { pools }) => sum + pools.length, 0)} pools`}>
      <ul className={css.pools}>
        {blueprint.tiers.flatMap(({ tier, pools }) => pools.map((one) => (
          <li key={one.name}>
            <div className={css.poolHead}>
              <TierBadge tier={tier} />
              <b className={css.mono}>{one.name}</b>
              <span className={css.dim}>{one.count} × {one.instanceType}{one.spot ? ", spot" : ""}{one.role === "control-plane" ? ", control plane" : ""}</span>
              <span className={css.settings}>{settingsText(one)}</span>
              <span className={css.poolActs}>
                <Button size="compact-xs" variant="default" disabled={why !== ""} title={why || undefined} onClick={() => setPool(one)}>Labels and taints…</Button>
                {one.role === "worker" && <Button size="compact-xs" variant="default" disabled={why !== ""} title={why || undefined} onClick={() => setWish({ kind: "add-node", pool: one.name })}>Add node…</Button>}
              </span>
            </div>
            <ul className={css.machines}>
              {machines.filter((machine) => machine.pool.name === one.name).map(({ name, zone }) => (
                <li key={name}>
                  <Standing items={items} name={name} />
                  <Link className={css.mono} href={`/clusters/${encodeURIComponent(blueprint.name)}/placement?node=${encodeURIComponent(name)}`}>{name}</Link>
                  <span className={css.dim}>{zone}</span>
                  {one.role === "worker" && built && <MachineMenu name={name} disabled={why} onWish={setWish} />}
                </li>
              ))}
            </ul>
          </li>
        )))}
      </ul>
      {wish && <ChangeDialog key={JSON.stringify(wish)} name={blueprint.name} wish={wish} onClose={() => setWish(null)} />}
      {pool && <PoolDialog key={pool.name} name={blueprint.name} pool={pool} onClose={() => setPool(null)} />}
    </Panel>
  );
}

function MachineMenu({ name, disabled, onWish }: { name: string; disabled: string; onWish: (wish: Change) => void }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target><Button size="compact-xs" variant="subtle" color="gray" disabled={disabled !== ""} title={disabled || undefined} aria-label={`What can be done with ${name}`}><IconDots size={14} aria-hidden /></Button></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onWish({ kind: "replace-node", node: name })}>Replace…</Menu.Item>
        <Menu.Item onClick={() => onWish({ kind: "remove-node", node: name })}>Remove…</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** As the last look at AWS and at the cluster found it. */
function Standing({ items, name }: { items: readonly PlanItem[] | undefined; name: string }) {
  const mine = items?.filter(({ id }) => id === `instance/${name}` || id === `node/${name}`);
  if (!mine) return <span className={css.standing}><PodMark state="unknown" size={10} /> not looked at yet</span>;
  const [open] = mine.filter(({ act }) => act !== "keep");
  if (!open) return <span className={css.standing}><PodMark state="running" size={10} /> as it should be</span>;
  if (mine.every(({ awsId }) => awsId === null)) return <span className={css.standing}><PodMark state="pending" size={10} /> not there</span>;
  return <span className={css.standing} title={open.reason}><PodMark state="warning" size={10} /> {open.reason}</span>;
}
