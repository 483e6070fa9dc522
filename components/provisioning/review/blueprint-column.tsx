// The blueprint at the left of its review: machines by tier, then network, access and add-ons, each with its way back to the form.
import Link from "next/link";
import { machineType } from "@/lib/clusters/machine-types";
import { tierNames } from "@/lib/placement/model";
import { addOns } from "@/lib/provisioning/add-ons";
import { machinesOf, type Machine } from "@/lib/provisioning/machines";
import type { Blueprint } from "@/lib/provisioning/model";
import { PodMark } from "../../placement/pod-mark";
import { pagePath } from "../queries";
import type { WireCheck } from "../wire";
import css from "./review.module.css";

export function BlueprintColumn({ blueprint, checks }: { blueprint: Blueprint; checks: readonly WireCheck[] }) {
  const machines = machinesOf(blueprint);
  const sizes = machines.map(({ pool }) => machineType(pool.instanceType));
  const cpus = sizes.reduce((sum, size) => sum + (size?.cpuMillis ?? 0) / 1000, 0);
  const memory = sizes.reduce((sum, size) => sum + (size?.memoryBytes ?? 0) / 1024 ** 3, 0);
  const edit = (step: string): string => `${pagePath(blueprint.name)}/edit?step=${step}`;
  const { network, access, ingress } = blueprint;
  return (
    <section className={css.column} aria-label="Blueprint">
      <header className={css.head}><h2>Blueprint</h2><span className={css.dim}>{cpus} vCPU, {memory} GB</span><Link href={`${edit("shape")}&as=yaml`} className={css.headLink}>YAML</Link><a href={`/api/provisioning/blueprints/${encodeURIComponent(blueprint.name)}/export?as=terraform`} download className={css.headLink} title="The same resources as Terraform files, in an archive">Terraform</a></header>
      <div className={css.scroll} tabIndex={0} role="group" aria-label="The blueprint's parts">
        {([1, 2, 3, 4] as const).map((tier) => <TierPart key={tier} tier={tier} machines={machines.filter((machine) => machine.tier === tier)} checks={checks} edit={edit("shape")} />)}
        <Facts title="Network" edit={edit("network")} facts={[
          ["VPC", network.vpcCidr], ["Subnets, public", network.subnets.map(({ cidr }) => cidr).join(" ")], ["Pods", network.podCidr], ["Services", network.serviceCidr], ["CNI", "Calico, VXLAN"],
          ["Zone full", machines.some(({ pool }) => pool.zoneFull === "next-zone") ? "next zone, same type" : "wait"],
        ]} />
        <Facts title="Access" edit={edit("network")} facts={[["API 6443", access.adminCidrs.join(" ")], ["SSH 22", access.ssh ? access.adminCidrs.join(" ") : "closed, SSM only"], ["Domain", ingress.domain === "" ? "none yet" : ingress.domain]]} />
        <Facts title="Add-ons" edit={edit("add-ons")} facts={addOnFacts(blueprint)} />
      </div>
    </section>
  );
}

function addOnFacts({ addOns: { chosen } }: Blueprint): [string, string][] {
  const words = { storage: "Storage", metrics: "Metrics", delivery: "Delivery", ingress: "Ingress", data: "Data" } as const;
  return Object.entries(words).map(([group, word]) => [word, addOns.filter((addOn) => addOn.group === group && chosen.includes(addOn.name)).map(({ title }) => title).join(", ") || "none"]);
}

function TierPart({ tier, machines, checks, edit }: { tier: 1 | 2 | 3 | 4; machines: readonly Machine[]; checks: readonly WireCheck[]; edit: string }) {
  if (machines.length === 0) return null;
  const pools = new Set(machines.map(({ pool }) => pool.name));
  return (
    <section className={css.part}>
      <h3 className={css.partHead}><span className={css.tierBar} data-tier={tier} />{tier} {tierNames[tier]}<span className={css.partAside}>{pools.size} {pools.size === 1 ? "pool" : "pools"} <Link href={edit} aria-label={`Edit tier ${tier}`}>edit</Link></span></h3>
      {machines.map((machine) => <MachineRow key={machine.name} machine={machine} warnings={checks.filter((check) => check.state !== "ok" && check.machine === machine.name)} />)}
    </section>
  );
}

function MachineRow({ machine: { name, pool, zone }, warnings }: { machine: Machine; warnings: readonly WireCheck[] }) {
  const size = machineType(pool.instanceType);
  const [first] = warnings;
  return (
    <div className={css.machine}>
      <span className={css.machineName}>{name}{first && <a href={`#check-${first.id}`} title={first.say}><PodMark state={first.state === "stop" ? "failed" : "warning"} size={11} label={first.say} /></a>}</span>
      <span>{pool.instanceType}{pool.spot ? " spot" : ""}</span>
      <span>{size ? `${size.cpuMillis / 1000}/${size.memoryBytes / 1024 ** 3}` : "?"}</span>
      <span>{zone.replace(/^.*-(\d[a-z])$/, "$1")}</span>
    </div>
  );
}

function Facts({ title, edit, facts }: { title: string; edit: string; facts: readonly (readonly [string, string])[] }) {
  return (
    <section className={css.part}>
      <h3 className={css.partHead}>{title}<span className={css.partAside}><Link href={edit} aria-label={`Edit ${title.toLowerCase()}`}>edit</Link></span></h3>
      <dl className={css.facts}>{facts.map(([key, value]) => <div key={key}><dt>{key}</dt><dd>{value}</dd></div>)}</dl>
    </section>
  );
}
