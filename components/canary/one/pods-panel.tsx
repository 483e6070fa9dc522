"use client";
// The pods of both versions side by side, and what so few of them cannot prove.
import Link from "next/link";
import { Panel } from "@/components/ui/panel";
import { PodMark } from "@/components/placement/pod-mark";
import { ageText } from "@/components/placement/map/amounts";
import { useNow } from "@/components/live/use-now";
import { tagOf } from "@/components/overview/image-tag";
import type { CanaryAnswer, PodView } from "@/lib/canary/views";
import page from "../page.module.css";
import css from "./canary-page.module.css";

export function PodsPanel({ answer: { pods, run, rollout, subject } }: { answer: CanaryAnswer }) {
  const versions = run ?? (rollout ? { baselineImage: rollout.stableImage, canaryImage: rollout.currentImage, baselineHash: rollout.stableHash, canaryHash: rollout.currentHash } : null);
  if (!versions || pods.canary.length + pods.baseline.length === 0) return null;
  return (
    <div className={css.pods}>
      <Pods title="Stable" image={versions.baselineImage} hash={versions.baselineHash} pods={pods.baseline} cluster={subject.cluster} namespace={subject.namespace} />
      <Pods title="Canary" image={versions.canaryImage} hash={versions.canaryHash} pods={pods.canary} cluster={subject.cluster} namespace={subject.namespace} note={noteOf(pods)} />
    </div>
  );
}

function noteOf({ canary, baseline }: CanaryAnswer["pods"]): string {
  if (canary.length !== 1) return "";
  const nodes = new Set(baseline.map(({ node }) => node));
  const [only] = canary;
  const node = only && nodes.has(only.node) ? `It shares its node ${only.node} with stable pods, so the node is not the difference.` : `It runs on ${only?.node || "no node"} and no stable pod does: a bad node would look alike too.`;
  return `One canary pod: a bad pod and a bad version would look alike. ${node}`;
}

interface PodsProps { title: string; image: string; hash: string; pods: readonly PodView[]; cluster: string; namespace: string; note?: string }

function Pods({ title, image, hash, pods, cluster, namespace, note = "" }: PodsProps) {
  const now = useNow();
  const ready = pods.filter((pod) => pod.ready).length;
  return (
    <Panel title={<>{title} <code className={page.dim}>{tagOf(image)} {hash}</code></>} aside={`${ready} of ${pods.length} ready`}>
      <div className={page.scroll} role="region" aria-label={`${title} pods`} tabIndex={0}>
        <table className={page.table}>
          <thead><tr><th>Pod</th><th data-wide>Node</th><th data-num>Age</th><th data-num>Requests</th><th data-num>Bad %</th><th data-num>Restarts</th></tr></thead>
          <tbody>
            {pods.map((pod) => (
              <tr key={pod.name}>
                <td><span className={page.mark}><PodMark state={pod.ready ? "running" : "starting"} label={pod.ready ? "ready" : "not ready"} /> <Link href={`/clusters/${encodeURIComponent(cluster)}/placement?pod=${encodeURIComponent(`${namespace}/${pod.name}`)}`} className={page.mono}>{pod.name}</Link></span></td>
                <td data-wide className={page.dim}>{pod.node}</td>
                <td data-num suppressHydrationWarning>{now === 0 ? "" : ageText(now - pod.createdAt)}</td>
                <td data-num>{pod.exposure === null ? "–" : Math.round(pod.exposure).toLocaleString("en")}</td>
                <td data-num>{pod.exposure ? Number(((100 * (pod.events ?? 0)) / pod.exposure).toPrecision(3)) : "–"}</td>
                <td data-num>{pod.restarts}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pods.length === 0 && <p className={css.note} style={{ borderTop: 0 }}><PodMark state="pending" /> No pod of this version is there.</p>}
      {note !== "" && <p className={css.note}><PodMark state="warning" /> {note}</p>}
    </Panel>
  );
}
