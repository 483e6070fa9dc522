"use client";
// One canary whole: the verdict first, then the way, the evidence, the metrics, the pods, and what others say of it.
import { parseAsString, useQueryState } from "nuqs";
import Link from "next/link";
import { Trouble } from "@/components/live/answer";
import { LoadingRows, StatePicture } from "@/components/ui/state-picture";
import { Panel } from "@/components/ui/panel";
import { canaryPage, useCanary, type Workload } from "../queries";
import page from "../page.module.css";
import { ArgoPanel } from "./argo-panel";
import css from "./canary-page.module.css";
import { EvidencePanel } from "./evidence-panel";
import { GuardPanel } from "./guard-panel";
import { Head } from "./head";
import { KayentaPanel } from "./kayenta-panel";
import { JudgeLog } from "./judge-log";
import { MetricTable } from "./metric-table";
import { PodsPanel } from "./pods-panel";
import { StepRail } from "./step-rail";
import { TrafficPanel } from "./traffic-panel";
import { Earlier } from "./earlier";

export function CanaryPage(of: Workload) {
  const [run] = useQueryState("run", parseAsString.withDefault(""));
  const { data, error, refetch } = useCanary(of, run);
  if (!data) return <div className={page.page}><h1 className={page.title}>{of.workload}</h1>{error ? <Trouble error={error} what="this canary" retry={() => void refetch()} /> : <LoadingRows rows={10} />}</div>;
  const judged = data.run;
  const isPast = run !== "" && judged?.state === "ended";
  return (
    <div className={page.page}>
      <Head of={of} answer={data} isPast={isPast} />
      {data.rollout && !isPast && <StepRail rollout={data.rollout} run={judged} />}
      {judged ? (
        <>
          <div className={css.main}>
            <EvidencePanel run={judged} />
            <div className={css.side}>
              <TrafficPanel run={judged} />
              <GuardPanel run={judged} />
              <JudgeLog run={judged} />
            </div>
          </div>
          <MetricTable run={judged} />
        </>
      ) : (
        <Panel title="Judge">
          <StatePicture kind="empty" title={data.hasAnalysis ? "This version is not being judged" : "No analysis is defined"} say={data.hasAnalysis ? "An analysis begins when another version is on its way; or begin it by hand." : "Say what is to be measured, and how much worse a new version may be."} action={<Link href={`${canaryPage(of)}/analysis`}>{data.hasAnalysis ? "See the analysis" : "Define an analysis"}</Link>} />
        </Panel>
      )}
      <PodsPanel answer={data} />
      {judged?.kayenta && <KayentaPanel run={judged} />}
      <ArgoPanel runs={data.argo} />
      <Earlier of={of} runs={data.earlier} />
    </div>
  );
}
