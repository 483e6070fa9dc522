// One request under one client token has one effect. Source: "Ensuring idempotency in Amazon EC2 API requests", EC2 API reference.
import { createHash } from "node:crypto";
import type { Call } from "./action.ts";
import { AwsError } from "./errors.ts";
import type { Parameters } from "./query.ts";

function digestOf(parameters: Parameters): string {
  const lines = [...parameters].filter(([name]) => !/^(ClientToken|DryRun|Version)$/.test(name)).map(([name, value]) => `${name}=${value}`).sort();
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}

/** `scope` is the action, and the zone where AWS keeps tokens per zone. */
export function once({ cloud, parameters }: Call, scope: string, make: () => string[]): string[] {
  const token = parameters.get("ClientToken") ?? "";
  if (token === "") return make();
  if (token.length > 64 || !/^[\x20-\x7e]+$/.test(token)) throw new AwsError("InvalidParameterValue", "The client token must be at most 64 ASCII characters.");
  const key = `${scope}/${token}`;
  const digest = digestOf(parameters);
  const used = cloud.state.tokens[key];
  if (used) {
    if (used.digest !== digest) throw new AwsError("IdempotentParameterMismatch", "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).");
    return used.ids;
  }
  const ids = make();
  cloud.state.tokens[key] = { digest, ids, atMs: cloud.clock.nowMs() };
  return ids;
}
