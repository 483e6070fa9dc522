"use client";
// All blueprints: what each is, what it costs, and how much of it stands.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { Answer } from "../live/answer";
import { TierBadge } from "../placement/tier-badge";
import { useMay } from "../shell/queries";
import { Panel } from "../ui/panel";
import { StatePicture } from "../ui/state-picture";
import { blueprintsQuery, pagePath } from "./queries";
import type { BlueprintLine } from "./wire";
import { usd } from "./words";
import css from "./blueprints-page.module.css";

export function BlueprintsPage() {
  const query = useQuery(blueprintsQuery);
  const may = useMay("provisioning.edit");
  const start = <Button size="xs" component={Link} href="/provisioning/new" disabled={!may} title={may ? undefined : "Needs the role operator"}>Build a cluster</Button>;
  return (
    <div className={css.page}>
      <header className={css.head}><h1>Provisioning</h1>{start}</header>
      <Panel title="Blueprints" aside={query.data ? `${query.data.blueprints.length} kept` : undefined}>
        <Answer query={query} what="the blueprints">
          {({ blueprints }) => (blueprints.length === 0
            ? <StatePicture kind="empty" title="No blueprint yet" say="A blueprint says what a cluster is made of. Begin with a preset; you see plan, cost and risks before anything is made." action={start} />
            : <ul className={css.list}>{blueprints.map((line) => <Line key={line.name} line={line} />)}</ul>)}
        </Answer>
      </Panel>
    </div>
  );
}

function Line({ line: { name, region, kubernetesVersion, machines, tiers, totalUsd, unpriced, things, job, revision, createdBy } }: { line: BlueprintLine }) {
  return (
    <li className={css.line}>
      <Link href={pagePath(name)} className={css.name}>{name}</Link>
      <span className={css.state}>{job ? <Link href={`/jobs/${encodeURIComponent(job.id)}`}>{job.kind === "cluster.teardown" ? "being torn down" : "being built"}, {job.id}</Link> : things > 0 ? `${things} things on AWS` : "not built"}</span>
      <span className={css.tiers}>{tiers.map((count, at) => (count > 0 ? <span key={at}><TierBadge tier={at === 0 ? 1 : at === 1 ? 2 : at === 2 ? 3 : 4} size={14} />{count}</span> : null))}</span>
      <span className={css.dim}>{machines} {machines === 1 ? "machine" : "machines"}, {region}, v{kubernetesVersion}</span>
      <span className={css.dim}>revision {revision}, {createdBy}</span>
      <span className={css.cost}>{unpriced.length > 0 ? "≥ " : ""}${usd(totalUsd)}<small> / month</small></span>
    </li>
  );
}
