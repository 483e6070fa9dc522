// Who asks too often is told to wait: a token bucket per class of action.
// Source: "Request throttling for the Amazon EC2 API", EC2 Developer Guide; the classes as provisioning.md §8 has them.
import { isRead } from "./faults.ts";
import type { Bucket, Settings } from "./settings.ts";

export type Level = Record<string, { tokens: number; atMs: number }>;

function classOf(action: string): keyof Settings["throttle"] {
  if (/^(Authorize|Revoke)SecurityGroup/.test(action)) return "rules";
  return isRead(action) ? "read" : "write";
}

/** True when there was a token, which is then gone. */
export function takeToken(levels: Level, { action, service, settings, nowMs }: { action: string; service: string; settings: Settings; nowMs: number }): boolean {
  const kind = classOf(action);
  const bucket: Bucket | null = settings.throttle[kind];
  if (!bucket) return true;
  const key = `${service}/${kind}`;
  const level = levels[key] ?? { tokens: bucket.burst, atMs: nowMs };
  const tokens = Math.min(bucket.burst, level.tokens + (nowMs - level.atMs) / 1000 * bucket.perSecond);
  levels[key] = { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs: nowMs };
  return tokens >= 1;
}
