// Progress as a machine's serial console tells it: which step of its boot has begun, is done, or failed at which line.

export interface BootMarker {
  step: string;
  state: "begun" | "waiting" | "done" | "failed";
  /** Of the command that ended the script. */
  code: number | null;
  line: number | null;
}

const pattern = /quarterdeck: step=([a-z-]+) state=(begun|waiting|done|failed)(?: code=(\d+) line=(\d+))?/g;

function stateOf(text: string | undefined): BootMarker["state"] {
  return text === "begun" || text === "waiting" || text === "failed" ? text : "done";
}

export function toBootMarkers(consoleText: string): BootMarker[] {
  return [...consoleText.matchAll(pattern)].map(([, step = "", state, code, line]) => ({
    step, state: stateOf(state), code: code === undefined ? null : Number(code), line: line === undefined ? null : Number(line),
  }));
}

export type BootOutcome = { outcome: "booting"; step: string } | { outcome: "booted" } | { outcome: "failed"; step: string; line: number | null };

/** How the boot stands by all that its console has shown so far. */
export function bootOutcome(consoleText: string): BootOutcome {
  const markers = toBootMarkers(consoleText);
  const failed = markers.find(({ state }) => state === "failed");
  if (failed !== undefined) return { outcome: "failed", step: failed.step, line: failed.line };
  if (markers.some(({ step, state }) => step === "boot" && state === "done")) return { outcome: "booted" };
  return { outcome: "booting", step: markers.at(-1)?.step ?? "start" };
}
