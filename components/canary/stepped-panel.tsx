"use client";
// Canaries that the console steps itself on plain Deployments: what is on its way, what nobody steps any more, and the way to begin one.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { z } from "zod";
import { steppable, steppedCanary, type SteppedCanary } from "@/lib/canary/stepper/left-over";
import { fetchJson } from "../live/fetch-json";
import { tagOf } from "../overview/image-tag";
import { PodMark } from "../placement/pod-mark";
import { useMay } from "../shell/queries";
import { Panel } from "../ui/panel";
import css from "./page.module.css";
import { SettleSheet, type Settling } from "./settle-sheet";
import { StartSheet } from "./start-sheet";

const answer = z.object({ canaries: z.array(steppedCanary), steppable: z.array(steppable) });
const everyMs = 5_000;

export function SteppedPanel({ cluster }: { cluster: string }) {
  const may = useMay("rollout.act");
  const [starting, setStarting] = useState(false);
  const [settling, setSettling] = useState<Settling | null>(null);
  const { data } = useQuery({ queryKey: ["canary", cluster, "live", "stepped"], queryFn: ({ signal }) => fetchJson(`/api/clusters/${encodeURIComponent(cluster)}/canary/stepped`, answer, { signal }), refetchInterval: everyMs });
  if (!data || (data.canaries.length === 0 && data.steppable.length === 0)) return null;
  const begin = may && data.steppable.length > 0 && <Button size="compact-xs" variant="default" onClick={() => setStarting(true)}>Step a canary</Button>;
  return (
    <Panel title="Plain Deployments" aside={begin || `${data.canaries.length} stepped`}>
      {data.canaries.length === 0 ? <p className={css.pad}>No plain Deployment has a canary beside it.</p> : <ul className={css.rows}>{data.canaries.map((one) => <Row key={`${one.namespace}/${one.canary}`} one={one} may={may} onSettle={setSettling} />)}</ul>}
      {starting && <StartSheet cluster={cluster} from={data.steppable} onClose={() => setStarting(false)} />}
      {settling && <SettleSheet cluster={cluster} settling={settling} onClose={() => setSettling(null)} />}
    </Panel>
  );
}

function Row({ one, may, onSettle }: { one: SteppedCanary; may: boolean; onSettle: (settling: Settling) => void }) {
  const { workload, images, job, status, leftOver, say, canaryPods, stablePods } = one;
  const asks = status === "NEEDS_ATTENTION";
  return (
    <li className={css.row}>
      <PodMark state={leftOver ? "failed" : asks ? "pending" : "starting"} label={leftOver ? "left over" : asks ? "asks a person" : "stepped"} />
      <span className={css.name}><b>{workload}</b><span className={css.mono}>{tagOf(images[0] ?? "")}</span></span>
      <span className={css.say} role={leftOver ? "alert" : undefined}>{say}</span>
      <span className={css.right}>
        {canaryPods} of {canaryPods + stablePods} pods {status !== null && <Link href={`/jobs/${job}`}>{job}</Link>}{" "}
        {may && <><Button size="compact-xs" variant="default" onClick={() => onSettle({ one, how: "promote" })}>Promote</Button>{" "}<Button size="compact-xs" variant="default" color="red" onClick={() => onSettle({ one, how: "abort" })}>Roll back</Button></>}
      </span>
    </li>
  );
}
