// The state of one service as a small picture for other pages: its name, its state in a word, and its version.
import { xml } from "./feeds";
import type { ServiceLine, ServiceState } from "./model";

const colours: Record<ServiceState, string> = { operational: "#1f7a50", degraded: "#8a5a00", partial: "#b35900", major: "#c92a2a", maintenance: "#1864ab", unknown: "#55606e" };
const perLetter = 6.6;
const padding = 16;

/** Widths follow the letters, so that nothing is measured; texts are escaped and cut. */
export function badge({ name, state, word, version, rollout }: Pick<ServiceLine, "name" | "state" | "word" | "version" | "rollout">): string {
  const left = name.slice(0, 40);
  const right = `${word.toLowerCase()}${rollout !== null && rollout.to !== "" ? ` ${rollout.to}` : version === "" ? "" : ` ${version}`}`.slice(0, 40);
  const [a, b] = [Math.ceil(left.length * perLetter) + padding, Math.ceil(right.length * perLetter) + padding];
  const text = (x: number, said: string): string => `<text x="${x}" y="14" textLength="${Math.ceil(said.length * perLetter)}" lengthAdjust="spacingAndGlyphs">${xml(said)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${a + b}" height="20" role="img" aria-label="${xml(`${left}: ${right}`)}"><title>${xml(`${left}: ${right}`)}</title><rect width="${a}" height="20" fill="#262e39"/><rect x="${a}" width="${b}" height="20" fill="${colours[state]}"/><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${text(padding / 2, left)}${text(a + padding / 2, right)}</g></svg>`;
}
