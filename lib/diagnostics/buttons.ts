// Where the console itself can do what a fix says: each button leads to the page on which it is done.
import type { Button } from "./model";

const base = (cluster: string) => `/clusters/${encodeURIComponent(cluster)}`;
const placed = (kind: "node" | "pod") => ({ cluster, subject }: Parameters<Button["href"]>[0]) => `${base(cluster)}/placement?${new URLSearchParams(subject.kind === kind ? { [kind]: subject.key } : subject.kind === "workload" ? { filter: `workload:${subject.key}` } : {})}`;

export const openPod: Button = { label: "Open the pod", href: placed("pod") };
export const openNode: Button = { label: "Open the node", href: placed("node") };
export const openRoutes: Button = { label: "Open the routes", href: ({ cluster }) => `${base(cluster)}/routes` };
export const openWhatIf: Button = { label: "Ask what-if", href: ({ cluster }) => `${base(cluster)}/placement/what-if` };
export const openDrift: Button = { label: "Open drift", href: ({ cluster }) => `${base(cluster)}/placement/drift` };
export const openJob: Button = { label: "Open the job", href: ({ subject }) => (subject.kind === "job" ? `/jobs/${encodeURIComponent(subject.key)}` : "/jobs") };
export const openBuild: Button = { label: "Open provisioning", href: ({ cluster }) => `${base(cluster)}/provisioning` };
export const openTierOne: Button = { label: "Open tier 1's metrics", href: ({ cluster }) => `${base(cluster)}/metrics/tier/1` };
export const openTierThree: Button = { label: "Open tier 3's metrics", href: ({ cluster }) => `${base(cluster)}/metrics/tier/3` };
