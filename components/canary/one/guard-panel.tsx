// The service's own objective, both versions together: while it is missed, promotion is held.
import { PodMark } from "@/components/placement/pod-mark";
import { Panel } from "@/components/ui/panel";
import { Bar } from "@/components/ui/bar";
import type { RunDetail } from "@/lib/canary/views";
import css from "./canary-page.module.css";

const marks = { clear: "running", burning: "failed", clearing: "warning", unknown: "unknown", unset: "pending" } as const;
const words = { clear: "holds", burning: "burns: promotion is held", clearing: "just recovered: held a little longer", unknown: "not known: promotion is held", unset: "not set" } as const;
const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;

export function GuardPanel({ run: { verdict, definition } }: { run: RunDetail }) {
  const guard = verdict?.guard ?? { state: definition.guard ? "unknown" as const : "unset" as const, badShare: null, objective: definition.guard?.objective ?? null, since: null };
  const used = guard.badShare !== null && guard.objective ? guard.badShare / guard.objective : 0;
  return (
    <Panel title="Absolute guard" aside={definition.guard?.name}>
      <div className={css.guard}>
        <span><PodMark state={marks[guard.state]} /> {guard.state === "unset" ? "A fault of both versions would not be seen." : `bad ${guard.badShare === null ? "–" : percent(guard.badShare)} of ${percent(guard.objective ?? 0)} allowed`}</span>
        <span>{words[guard.state]}</span>
      </div>
      {guard.state !== "unset" && <div style={{ padding: "0 12px 10px" }}><Bar value={used} label={`${Math.round(used * 100)} % of what is allowed`} colour={used > 1 ? "var(--state-failed)" : "var(--state-running)"} /></div>}
    </Panel>
  );
}
