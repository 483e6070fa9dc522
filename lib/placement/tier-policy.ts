// Which tier a node is of, and which tier a workload is declared for: the first rule that matches decides.
import type { Labels } from "../adapters/kubernetes/objects";
import type { NodeRow, Tier, TierPolicy, WorkloadRow, WorkloadRule } from "./model";

const node = (label: string, value: string | null, tier: Tier) => ({ label, value, tier });

/** The four tiers of the reference cluster. Older label values (cpu, network, storage) are kept, for clusters that still wear them. */
export const defaultTierPolicy: TierPolicy = {
  version: 1,
  nodes: [
    node("node-role.kubernetes.io/control-plane", null, 1),
    node("node-role.kubernetes.io/master", null, 1),
    node("workload", "control-plane", 1),
    node("workload", "monitoring", 1),
    node("workload", "application", 2),
    node("workload", "cpu", 2),
    node("workload", "async-workers", 3),
    node("workload", "network", 3),
    node("workload", "storage", 4),
    node("workload", "database", 4),
    node("workload", "cache", 4),
    node("workload", "message-queue", 4),
  ],
  workloads: [
    { name: "*api-worker*", tier: 2 },
    { name: "*ai-worker*", tier: 3 },
    { name: "*batch-worker*", tier: 3 },
    { name: "celery-beat*", tier: 4 },
    { label: { key: "tier", value: "control-plane" }, tier: 1 },
    { namespace: "monitoring", tier: 1 },
    { namespace: "argocd", tier: 1 },
    { namespace: "argo-rollouts", tier: 1 },
    { namespace: "auth", tier: 2 },
    { namespace: "users", tier: 2 },
    { namespace: "locations", tier: 2 },
    { namespace: "recycling", tier: 2 },
    { namespace: "waste", tier: 3 },
    { namespace: "messaging", tier: 4 },
    { namespace: "default", name: "postgres*", tier: 4 },
    { namespace: "default", name: "redis*", tier: 4 },
    { namespace: "default", name: "rabbitmq*", tier: 4 },
  ],
};

export function tierOfNode(policy: TierPolicy, subject: { labels: Labels }): Tier | null {
  for (const rule of policy.nodes) {
    const value = own(subject.labels, rule.label);
    if (value !== undefined && (rule.value === null || rule.value === value)) return rule.tier;
  }
  return null;
}

export interface Declarable { namespace: string; name: string; kind: string; labels: Labels }

export function declaredTier(policy: TierPolicy, subject: Declarable): Tier | null {
  return policy.workloads.find((rule) => applies(rule, subject))?.tier ?? null;
}

/** A rule that names nothing applies to nothing, so that an emptied row of a form does not declare the whole cluster. */
function applies(rule: WorkloadRule, { namespace, name, labels }: Declarable): boolean {
  if (rule.namespace === undefined && rule.name === undefined && rule.label === undefined) return false;
  if (rule.namespace !== undefined && !namePattern(rule.namespace, namespace)) return false;
  if (rule.name !== undefined && !namePattern(rule.name, name)) return false;
  return rule.label === undefined || own(labels, rule.label.key) === rule.label.value;
}

function own(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** `*` stands for any text. Linear in the text for every pattern: each part is taken at its first place. */
function namePattern(pattern: string, text: string): boolean {
  const parts = pattern.split("*");
  if (parts.length === 1) return pattern === text;
  const first = parts[0] ?? "";
  const last = parts.at(-1) ?? "";
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let at = first.length;
  const end = text.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

export interface PolicyChange { kind: "node" | "workload"; key: string; name: string; before: Tier | null; after: Tier | null }
type LabelledNode = Pick<NodeRow, "name"> & { labels: Labels };
type LabelledWorkload = Pick<WorkloadRow, "key" | "namespace" | "name" | "kind"> & { labels: Labels };

/** What saving `after` in place of `before` would change, nodes first. */
export function policyChanges(before: TierPolicy, after: TierPolicy, subjects: { nodes: Iterable<LabelledNode>; workloads: Iterable<LabelledWorkload> }): PolicyChange[] {
  const changes: PolicyChange[] = [];
  for (const subject of subjects.nodes) {
    const [was, is] = [tierOfNode(before, subject), tierOfNode(after, subject)];
    if (was !== is) changes.push({ kind: "node", key: subject.name, name: subject.name, before: was, after: is });
  }
  for (const subject of subjects.workloads) {
    const [was, is] = [declaredTier(before, subject), declaredTier(after, subject)];
    if (was !== is) changes.push({ kind: "workload", key: subject.key, name: subject.name, before: was, after: is });
  }
  return changes;
}
