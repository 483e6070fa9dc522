// The colours of the canvas, read from the page's tokens so that dark and light say the same everywhere.
import { type PodState, tiers } from "@/lib/placement/model";
import type { Palette } from "./draw";
import { calmSteps } from "./shade";

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const state = (name: PodState) => token(`state-${name}`);
  const [calm, page] = [token("scale-calm"), token("page")];
  const steps = Array.from({ length: calmSteps }, (_, at) => mix(calm, page, 0.16 + at * 0.1));
  return {
    steps: [...steps, mix(state("warning"), page, 0.65), state("warning"), token("track")],
    states: { running: state("running"), starting: state("starting"), warning: state("warning"), failed: state("failed"), pending: state("pending"), terminating: state("terminating"), unknown: state("unknown"), done: state("done") },
    tiers: ["", ...tiers.map((tier) => token(`tier-${tier}`))],
    text: token("text"), dim: token("dim"), line: token("line"), page, surface: token("surface"), fill: token("fill"), track: token("track"), focus: token("focus"), mono: token("mono"),
  };
}

/** `share` of one #rrggbb over another; anything that is no such colour is given back as it is. */
export function mix(over: string, under: string, share: number): string {
  const [a, b] = [channels(over), channels(under)];
  if (!a || !b) return over;
  return `rgb(${a.map((value, at) => Math.round(value * share + (b[at] ?? 0) * (1 - share))).join(" ")})`;
}

function channels(colour: string): number[] | null {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  return found ? found.slice(1).map((hex) => Number.parseInt(hex, 16)) : null;
}
