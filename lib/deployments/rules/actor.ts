// Who did it, and how that is known: what an object tells of its own change, and which of several words counts.
import type { ActorKind, ActorSource } from "../model";
import { isJson } from "./template";

export interface Claim { source: ActorSource; kind: ActorKind; name: string; detail: string; note: string }

/** What the object itself tells. `change` is set only where the word came with this revision: words are copied along to later ones. */
export interface ObjectClaims {
  claims: Claim[];
  commit: string | null;
  application: string | null;
  chart: string | null;
  isUnplanned: boolean;
  /** When the owner of the template's fields last wrote. */
  writtenAt: number | null;
}

const own = "quarterdeck.dev";
const annotationsOf = (object: unknown): Record<string, string> => {
  const metadata = isJson(object) && isJson(object["metadata"]) ? object["metadata"] : {};
  const found = isJson(metadata["annotations"]) ? metadata["annotations"] : {};
  return Object.fromEntries(Object.entries(found).flatMap(([key, value]) => (typeof value === "string" ? [[key, value.slice(0, 500)]] : [])));
};
const labelsOf = (object: unknown): Record<string, string> => {
  const metadata = isJson(object) && isJson(object["metadata"]) ? object["metadata"] : {};
  const found = isJson(metadata["labels"]) ? metadata["labels"] : {};
  return Object.fromEntries(Object.entries(found).flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : [])));
};

export interface ClaimsAsked {
  /** The workload as the API server has it now. */
  workload: unknown;
  /** The pod templates of this revision and the one before. */
  template: unknown;
  templateBefore: unknown;
  /** The annotations of the revision before, where that still exists. */
  before: unknown;
  isNewest: boolean;
}

export function claimsOf({ workload, template, templateBefore, before, isNewest }: ClaimsAsked): ObjectClaims {
  const now = { ...(isNewest ? annotationsOf(workload) : {}), ...annotationsOf(template) };
  const then = { ...annotationsOf(before), ...annotationsOf(templateBefore) };
  const said = (key: string): string | null => (now[key] && now[key] !== then[key] ? now[key] : null);
  const claims: Claim[] = [];
  const actor = said(`${own}/actor`);
  const reason = said(`${own}/reason`) ?? said("kubernetes.io/change-cause") ?? "";
  if (actor) claims.push({ source: "annotation", kind: "user", name: actor, detail: `${own}/actor`, note: reason });
  const gitops = gitopsOf(workload, isNewest);
  if (gitops) claims.push(gitops.claim);
  const managed = isNewest ? managerOf(workload) : null;
  if (managed) claims.push({ source: "managed-fields", kind: "tool", name: managed.name, detail: `field owner ${managed.name}`, note: reason });
  return {
    claims,
    commit: said(`${own}/commit`) ?? now[`${own}/commit`] ?? now["org.opencontainers.image.revision"] ?? null,
    application: gitops?.application ?? null,
    chart: chartOf(workload),
    isUnplanned: said(`${own}/unplanned`) === "true" || /\b(hotfix|fix forward|rollback)\b/i.test(reason),
    writtenAt: managed?.at ?? null,
  };
}

function chartOf(workload: unknown): string | null {
  const release = annotationsOf(workload)["meta.helm.sh/release-name"];
  const chart = labelsOf(workload)["helm.sh/chart"];
  return chart ?? release ?? null;
}

/** An Argo CD tracking id counts only on the object that it names: on another it is a copy. */
function gitopsOf(workload: unknown, isNewest: boolean): { claim: Claim; application: string | null } | null {
  const [annotations, labels] = [annotationsOf(workload), labelsOf(workload)];
  const gitops = (name: string, detail: string): Claim => ({ source: "gitops", kind: "gitops", name, detail, note: "" });
  const metadata = isJson(workload) && isJson(workload["metadata"]) ? workload["metadata"] : {};
  const tracking = /^([^:]+):([^/:]*)\/([^:]+):([^/]*)\/(.+)$/.exec(annotations["argocd.argoproj.io/tracking-id"] ?? "");
  const application = tracking && tracking[4] === metadata["namespace"] && tracking[5] === metadata["name"] ? (tracking[1] ?? null) : null;
  const wroteLast = isNewest ? (managerOf(workload)?.name ?? "") : "";
  if (application) return { claim: gitops(wroteLast === "" || /argocd/i.test(wroteLast) ? "argocd" : "", `Application ${application}`), application };
  const flux = labels["kustomize.toolkit.fluxcd.io/name"] ?? labels["helm.toolkit.fluxcd.io/name"];
  if (flux && /flux|kustomize-controller|helm-controller/i.test(wroteLast)) return { claim: gitops("flux", flux), application: flux };
  const release = annotations["meta.helm.sh/release-name"];
  if (release && /^helm$/i.test(wroteLast)) return { claim: gitops("helm", `release ${release}`), application: null };
  return null;
}

interface Manager { name: string; at: number | null }

/** The newest writer of the pod template by the API server's books: a tool, not a person. */
export function managerOf(workload: unknown): Manager | null {
  const metadata = isJson(workload) && isJson(workload["metadata"]) ? workload["metadata"] : {};
  const entries: readonly unknown[] = Array.isArray(metadata["managedFields"]) ? metadata["managedFields"] : [];
  let newest: Manager | null = null;
  for (const entry of entries) {
    if (!isJson(entry) || entry["subresource"] === "status" || !ownsTemplate(entry["fieldsV1"])) continue;
    const at = typeof entry["time"] === "string" ? Date.parse(entry["time"]) : NaN;
    const one = { name: typeof entry["manager"] === "string" ? entry["manager"] : "", at: Number.isFinite(at) ? at : null };
    if (!newest || (one.at ?? 0) >= (newest.at ?? 0)) newest = one;
  }
  return newest && newest.name !== "" ? newest : null;
}

function ownsTemplate(fields: unknown): boolean {
  const spec = isJson(fields) ? fields["f:spec"] : undefined;
  return isJson(spec) && "f:template" in spec;
}

const order: readonly ActorSource[] = ["console", "ci", "annotation", "gitops", "managed-fields", "unknown"];

/** The surest word that names somebody. Nobody is ever guessed. */
export function surest(claims: readonly Claim[]): Claim | null {
  return claims.filter(({ name }) => name !== "").toSorted((a, b) => order.indexOf(a.source) - order.indexOf(b.source))[0] ?? null;
}
