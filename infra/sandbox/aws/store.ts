// The account kept: as a snapshot that a test starts from, and as a file that outlives the sandbox.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Cloud } from "./cloud.ts";
import type { FaultState } from "./faults.ts";
import type { Settings } from "./settings.ts";
import { emptyState, type State } from "./state.ts";

export interface Snapshot { version: 1; state: State; settings: Settings; faults: FaultState }

export function takeSnapshot({ state, settings }: Cloud, faults: FaultState): Snapshot {
  return structuredClone({ version: 1, state, settings, faults });
}

/** Into the same objects' places, so that whoever holds the cloud goes on with the restored one. What an older file lacks is as in an empty account. */
export function putBack(cloud: Cloud, faults: FaultState, snapshot: Snapshot): void {
  const { state, settings, faults: dice } = structuredClone(snapshot);
  cloud.state = { ...emptyState(state), ...state };
  cloud.settings = { ...cloud.settings, ...settings };
  Object.assign(faults, dice);
}

export function writeSnapshot(path: string, snapshot: Snapshot): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, JSON.stringify(snapshot), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** The file is written by this module alone; what does not look like it is treated as not there. */
export function readSnapshot(path: string): Snapshot | null {
  if (!existsSync(path)) return null;
  try {
    return asSnapshot(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}

/** A snapshot is plain JSON of our own making; its version says which. */
export function asSnapshot(value: unknown): Snapshot | null {
  const ours = typeof value === "object" && value !== null && "version" in value && value.version === 1 && "state" in value && "settings" in value && "faults" in value;
  return ours ? (value as Snapshot) : null;
}
