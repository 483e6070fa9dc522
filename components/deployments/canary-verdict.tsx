"use client";
// What the judge of canaries said of a deployment, where one was judged: the word, its sentence, and the way to the evidence.
import Link from "next/link";
import type { DeploymentRecord } from "@/lib/deployments/model";
import { canaryPage, useCanaries, useHistory } from "../canary/queries";
import { isRunOf } from "./run-of";

export function CanaryVerdict({ cluster, record }: { cluster: string; record: DeploymentRecord }) {
  const now = useCanaries(cluster);
  const history = useHistory(cluster);
  const running = now.data ? [...now.data.inFlight.flatMap(({ run }) => (run ? [run] : [])), ...now.data.stepped] : [];
  const run = [...running, ...(history.data?.runs ?? [])].find((one) => isRunOf(one, record));
  if (!run) return <>{history.error ? `unknown: ${history.error.message}` : history.data ? "none was judged" : "…"}</>;
  return <><Link href={`${canaryPage({ cluster, namespace: run.namespace, workload: run.workload })}?run=${run.id}`}>{run.word}</Link>{run.outcome === "" ? "" : `, ${run.outcome}`} <small>{run.sentence}</small></>;
}
