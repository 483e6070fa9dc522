// A tier policy as YAML and back, with a sentence for what cannot be read.
import { parse, stringify } from "yaml";
import { type TierPolicy, tierPolicy } from "@/lib/placement/model";

export function policyToYaml(policy: TierPolicy): string {
  return stringify(policy, { lineWidth: 0 });
}

export type ReadPolicy = { ok: true; policy: TierPolicy } | { ok: false; say: string };

export function readPolicy(text: string): ReadPolicy {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    return { ok: false, say: `This is not YAML: ${error instanceof Error ? error.message : String(error)}` };
  }
  const read = tierPolicy.safeParse(value);
  if (read.success) return { ok: true, policy: read.data };
  return { ok: false, say: read.error.issues.slice(0, 3).map((issue) => `${issue.path.join(".") || "the document"}: ${issue.message}`).join("; ") };
}

/** The list with the rule at `from` moved to `to`; order matters, because the first rule that matches decides. */
export function moved<T>(rules: readonly T[], from: number, to: number): T[] {
  const rule = rules[from];
  if (rule === undefined || to < 0 || to >= rules.length) return [...rules];
  const rest = rules.filter((_, at) => at !== from);
  return [...rest.slice(0, to), rule, ...rest.slice(to)];
}
