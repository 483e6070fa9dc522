// The account while it is served: its state, its clock, its settings, and who gives its machines their life.
import { createHash } from "node:crypto";
import type { Hypervisor } from "./hypervisor.ts";
import type { Settings } from "./settings.ts";
import type { Role, State, Thing } from "./state.ts";

export interface Clock { nowMs(): number }

export interface Cloud {
  state: State;
  settings: Settings;
  clock: Clock;
  /** How far the account's time was put forward by order. */
  aheadMs: number;
  hypervisor: Hypervisor | null;
  /** Public addresses are handed out from <prefix>.<first> on. */
  publicAddresses: { prefix: string; first: number };
}

/** Ids are of 17 hexadecimal digits since 2016 (source: "Resource IDs", EC2 User Guide). */
export function newId(cloud: Cloud, prefix: string): string {
  return `${prefix}-0${hexOf(cloud, prefix).slice(0, 16)}`;
}

export function hexOf(cloud: Cloud, salt: string): string {
  cloud.state.sequence += 1;
  return createHash("sha256").update(`${cloud.state.seed}/${cloud.state.sequence}/${salt}`).digest("hex");
}

/** What every new thing begins with. */
export function born(cloud: Cloud, prefix: string, tags: Record<string, string> = {}): Thing {
  return { id: newId(cloud, prefix), createdAtMs: cloud.clock.nowMs(), tags };
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

export function roleOfProfile(state: State, profile: string | null): Role | null {
  const found = profile === null ? undefined : Object.values(state.profile).find((one) => one.name === profile);
  return Object.values(state.role).find((role) => role.name === found?.roleName) ?? null;
}
