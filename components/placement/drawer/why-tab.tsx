"use client";
// Why a pod is here, or nowhere: one sentence, four facts, every node with what it fails, the scheduler's own words beside ours, and what would let it run.
import { useQuery } from "@tanstack/react-query";
import { cpuText, memoryText } from "@/components/placement/map/amounts";
import type { PlacementStore } from "@/components/placement/store";
import type { PodRow } from "@/lib/placement/model";
import { bytesText } from "@/lib/placement/units";
import { Answer } from "@/components/live/answer";
import { explainQuery, podQuery } from "./queries";
import { Remedies } from "./remedies";
import { SchedulerWords } from "./scheduler-words";
import { VerdictTable } from "./verdict-table";
import why from "./why-tab.module.css";
import { type ExplainAnswer, podObject, type PodAnswer } from "./wire";

export function WhyTab({ slug, podKey, store, pod }: { slug: string; podKey: string; store: PlacementStore; pod: PodRow | undefined }) {
  const explanation = useQuery(explainQuery(slug, podKey));
  const detail = useQuery(podQuery(slug, podKey)).data;
  return (
    <Answer query={explanation} what="the explanation">
      {(answer) => (
        <>
          <Sentence answer={answer} />
          <Facts pod={pod} detail={detail} />
          <VerdictTable verdicts={answer.explanation.nodes} placed={answer.explanation.placed} store={store} />
          {answer.scheduler && <SchedulerWords scheduler={answer.scheduler} comparison={answer.comparison} />}
          {answer.remedies.length > 0 && <Remedies slug={slug} remedies={answer.remedies} nodes={answer.explanation.nodes.length} />}
        </>
      )}
    </Answer>
  );
}

function Sentence({ answer: { explanation } }: { answer: ExplainAnswer }) {
  const { stop, fitting, nodes, nearest, placed } = explanation;
  if (stop) return <p className={why.sentence}>{stop.say}.</p>;
  const here = nodes.find((one) => one.node === placed);
  return (
    <p className={why.sentence}>
      Fits on <b>{fitting} of {nodes.length}</b> nodes.
      {nearest && <> Nearest is <code>{nearest.node}</code>: <b>{nearest.say}</b>.</>}
      {placed !== "" && <> It stands on <code>{placed}</code>{here && !here.fits ? ", which would not take it today." : "."}</>}
    </p>
  );
}

function Facts({ pod, detail }: { pod: PodRow | undefined; detail: PodAnswer | undefined }) {
  const object = detail ? podObject.parse(detail.object) : null;
  const selector = object ? Object.entries(object.spec.nodeSelector).map(([key, value]) => `${key}=${value}`).join(", ") || "none" : "–";
  const tolerates = object ? object.spec.tolerations.filter(({ key }) => !key.startsWith("node.kubernetes.io/")).map(({ key, value, effect }) => [key || "everything", value && `=${value}`, effect && `:${effect}`].join("")).join(", ") || "nothing" : "–";
  const volume = detail ? detail.claims.map((claim) => `${bytesText(claim.requestBytes)} ${claim.storageClass}${claim.waits ? ", waits for node" : claim.phase === "Bound" ? "" : `, ${claim.phase.toLowerCase()}`}`).join("; ") || "none" : "–";
  return (
    <dl className={why.facts}>
      <div><dt>Requests</dt><dd>{pod ? `${cpuText(pod.cpuMillis)} · ${memoryText(pod.memoryBytes)}` : "–"}</dd></div>
      <div><dt>Selector</dt><dd>{selector}</dd></div>
      <div><dt>Tolerates</dt><dd>{tolerates}</dd></div>
      <div><dt>Volume</dt><dd>{volume}</dd></div>
    </dl>
  );
}
