"use client";
// Before a rollout: what a step can notice and how long it must be held, by this judge's own power; figures from Prometheus or typed.
import { NativeSelect, NumberInput } from "@mantine/core";
import { parseAsFloat, parseAsString, useQueryState, useQueryStates } from "nuqs";
import { memo, useDeferredValue, useMemo } from "react";
import { percentText, minutesText } from "@/lib/canary/judge/words";
import { fixedRatio } from "@/lib/canary/planner/fixed-sample";
import { foldText, minutesToNotice, noticeableRatio, planSentence, type Judging, type Traffic } from "@/lib/canary/planner/plan";
import { Panel } from "../ui/panel";
import css from "./page.module.css";
import { useCanaries, useTraffic } from "./queries";

const shares = [0.05, 0.1, 0.25, 0.5] as const;
const ratios = [1.5, 2, 3, 5] as const;
const fields = { rps: parseAsFloat, bad: parseAsFloat, share: parseAsFloat.withDefault(5), minutes: parseAsFloat.withDefault(5), hold: parseAsFloat.withDefault(25), ratio: parseAsFloat.withDefault(2), line: parseAsFloat.withDefault(40) };

export function PlannerPage({ cluster }: { cluster: string }) {
  const [workload, setWorkload] = useQueryState("workload", parseAsString.withDefault(""));
  const [asked, setAsked] = useQueryStates(fields, { throttleMs: 200 });
  const list = useCanaries(cluster).data;
  const all = [...(list?.inFlight ?? []), ...(list?.settled ?? [])].map(({ rollout }) => `${rollout.namespace}/${rollout.name}`).sort();
  const [namespace = "", name = ""] = (workload || all[0] || "").split("/");
  const measured = useTraffic(name === "" ? null : { cluster, namespace, workload: name }).data;
  const known = measured?.known;
  const rps = asked.rps ?? (known ? Number(known.rps.toPrecision(3)) : 50);
  const bad = asked.bad ?? (known && known.baselineShare > 0 ? Number((100 * known.baselineShare).toPrecision(3)) : 0.1);
  const plan = useDeferredValue(useMemo(() => ({ traffic: { rps, baselineShare: bad / 100 }, judging: { logFailLine: Math.log(asked.line), phi: known?.phi ?? 1 } }), [rps, bad, asked.line, known?.phi]));
  const step = { share: asked.share / 100, minutes: asked.minutes };
  const number = (key: "share" | "minutes" | "hold" | "ratio" | "line", label: string, range: { min: number; max: number }) => <NumberInput size="xs" label={label} value={asked[key]} {...range} onChange={(value) => typeof value === "number" && value >= range.min && value <= range.max && void setAsked({ [key]: value })} />;
  return (
    <div className={css.page}>
      <h1 className={css.title}>Planner</h1>
      <Panel title="In a sentence" aside={known ? `measured for ${name}` : measured ? measured.because : ""}>
        <div className={css.pad}><Sentence traffic={plan.traffic} judging={plan.judging} step={step} hold={{ share: asked.hold / 100, ratio: asked.ratio }} /></div>
      </Panel>
      <Panel title="What is asked">
        <div className={css.pad}>
          <div className={css.figures}>
            <NativeSelect size="xs" label="Workload" value={workload || (all[0] ?? "")} data={all.length === 0 ? [{ value: "", label: "none" }] : all} onChange={({ currentTarget }) => { void setWorkload(currentTarget.value); void setAsked({ rps: null, bad: null }); }} />
            <NumberInput size="xs" label="Requests a second" value={rps} min={0.001} max={1e6} onChange={(value) => typeof value === "number" && value > 0 && void setAsked({ rps: value })} />
            <NumberInput size="xs" label="Bad of the baseline, %" value={bad} min={0.0001} max={99} decimalScale={4} onChange={(value) => typeof value === "number" && value > 0 && value < 100 && void setAsked({ bad: value })} />
            {number("share", "Step: canary’s share, %", { min: 0.1, max: 99 })}{number("minutes", "Step: minutes", { min: 1, max: 20_160 })}
            {number("hold", "Or hold at, %", { min: 0.1, max: 99 })}{number("ratio", "To notice, times", { min: 1.05, max: 100 })}{number("line", "Evidence needed to fail", { min: 2, max: 10_000 })}
          </div>
        </div>
      </Panel>
      <Table traffic={plan.traffic} judging={plan.judging} minutes={useDeferredValue(asked.minutes)} />
    </div>
  );
}

interface Plan { traffic: Traffic; judging: Judging }

function Sentence({ traffic, judging, step, hold }: Plan & { step: { share: number; minutes: number }; hold: { share: number; ratio: number } }) {
  const text = useMemo(() => planSentence({ traffic, judging, step: { share: step.share, minutes: step.minutes }, hold: { share: hold.share, ratio: hold.ratio } }), [traffic, judging, step.share, step.minutes, hold.share, hold.ratio]);
  const fixed = fixedRatio({ ...traffic, share: step.share, minutes: step.minutes });
  return (
    <>
      <p className={css.big} data-testid="plan">{text}</p>
      <p className={css.lead}>Four times out of five, looked at every minute; at {traffic.rps} requests a second of which {percentText(traffic.baselineShare)} are bad{judging.phi && judging.phi > 1 ? `, clustered ${judging.phi.toFixed(1)} times as much as chance` : ""}. A textbook’s one look at the end would promise {Number.isFinite(fixed) ? foldText(fixed) : "nothing"} for the step; it must not be looked at before.</p>
    </>
  );
}

function Table({ traffic, judging, minutes }: Plan & { minutes: number }) {
  return (
    <Panel title="Shares beside each other" aside="minutes of holding until four of five are noticed">
      <div className={css.scroll} role="region" aria-label="Plan by share" tabIndex={0}>
        <table className={css.table}>
          <thead><tr><th>Share</th><th data-num>{minutesText(minutes)} notice</th>{ratios.map((ratio) => <th key={ratio} data-num>{ratio}× takes</th>)}<th data-num>A good one passes after</th></tr></thead>
          <tbody>{shares.map((share) => <ShareRow key={share} traffic={traffic} judging={judging} minutes={minutes} share={share} />)}</tbody>
        </table>
      </div>
    </Panel>
  );
}

const told = (value: number | null): string => (value === null ? "> 2 weeks" : minutesText(value));

/** A row reckons for a quarter of a second; the page is let in between two of them. */
const ShareRow = memo(function ShareRow({ traffic, judging, minutes, share }: Plan & { minutes: number; share: number }) {
  const seen = useMemo(() => noticeableRatio({ traffic, steps: [{ share, minutes }], judging }), [traffic, judging, minutes, share]);
  const needs = useMemo(() => ratios.map((ratio) => minutesToNotice({ traffic, share, ratio, judging })), [traffic, judging, share]);
  const passes = useMemo(() => minutesToNotice({ traffic, share, ratio: 1, judging }, "pass"), [traffic, judging, share]);
  return (
    <tr>
      <td className={css.mono}>{percentText(share)}</td><td data-num>{seen === null ? "> hundred-fold" : foldText(seen)}</td>
      {needs.map((need, index) => <td key={ratios[index]} data-num>{told(need)}</td>)}<td data-num>{told(passes)}</td>
    </tr>
  );
});
