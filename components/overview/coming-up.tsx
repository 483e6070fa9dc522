"use client";
// What of the world is still coming up: each part with its state, how far it is, and how long it may take. Nothing once all is ready.
import { useClusters, type WorldPart } from "../shell/queries";
import { PodMark } from "../placement/pod-mark";
import { ageText } from "../placement/map/amounts";
import { Bar } from "../ui/bar";
import { Panel } from "../ui/panel";
import css from "./coming-up.module.css";
import type { PodState } from "@/lib/placement/model";

const marks: Record<WorldPart["state"], PodState> = { waiting: "pending", building: "starting", starting: "starting", ready: "running", failed: "failed" };

export function ComingUp({ whole = false }: { whole?: boolean }) {
  const world = useClusters().data?.world;
  if (!world || (world.ready && !whole)) return null;
  const ready = world.parts.filter(({ state }) => state === "ready").length;
  return (
    <Panel title="Coming up" aside={`${ready} of ${world.parts.length} parts ready`}>
      <ul className={css.list}>
        {world.parts.filter(({ state }) => whole || state !== "ready").map((part) => <PartLine key={part.name} part={part} />)}
      </ul>
    </Panel>
  );
}

function PartLine({ part: { title, state, progress, say, etaMs } }: { part: WorldPart }) {
  const percent = progress === null ? null : Math.round(progress * 100);
  return (
    <li className={css.line}>
      <PodMark state={marks[state]} />
      <b>{title}</b>
      <span className={css.say} data-state={state}>{say || state}</span>
      <span className={css.bar}>{percent !== null && state !== "ready" && <Bar value={percent / 100} label={`${title}: ${percent} %`} colour="var(--state-starting)" />}</span>
      <span className={css.eta}>{state === "ready" ? "ready" : etaMs === null ? (percent === null ? state : `${percent} %`) : `about ${ageText(etaMs)}`}</span>
    </li>
  );
}
