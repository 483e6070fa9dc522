// Which pods of a node a drain sends away, which it leaves alone, and which it sends only with consent.
import type { PodObject } from "../adapters/kubernetes/objects";
import { fateOf } from "./displaced";
import { keyOf } from "./picture";

export interface Consent {
  /** Pods whose emptyDir volumes are lost with them. */
  emptyDir: boolean;
  /** Pods that nobody makes again. */
  bare: boolean;
}

export interface Leaving {
  goes: PodObject[];
  stays: { pod: PodObject; why: string }[];
  /** Pods for which consent is missing. */
  asks: { pod: PodObject; missing: keyof Consent; why: string }[];
}

export function sortOut(pods: Iterable<PodObject>, consent: Consent): Leaving {
  const leaving: Leaving = { goes: [], stays: [], asks: [] };
  for (const pod of pods) {
    const fate = fateOf(pod);
    if (fate === "daemon") leaving.stays.push({ pod, why: "A DaemonSet runs it on every node." });
    else if (fate === "static") leaving.stays.push({ pod, why: "The kubelet runs it from a file of the node." });
    else if (fate === "finished") leaving.stays.push({ pod, why: "It has finished." });
    // One that is on its way out already asks for nothing; it is only waited for.
    else if (pod.deletedAt !== null) leaving.goes.push(pod);
    else if (fate === "bare" && !consent.bare) leaving.asks.push({ pod, missing: "bare", why: "No controller owns it: nothing will make it again." });
    else if (hasEmptyDir(pod) && !consent.emptyDir) leaving.asks.push({ pod, missing: "emptyDir", why: "It keeps data in an emptyDir volume, which is lost with it." });
    else leaving.goes.push(pod);
  }
  return leaving;
}

/** A sentence that names what consent is missing, "" when none is. */
export function missingConsent({ asks }: Pick<Leaving, "asks">): string {
  const named = (missing: keyof Consent) => asks.filter((one) => one.missing === missing).map(({ pod }) => keyOf(pod)).sort();
  const parts = [
    clause(named("emptyDir"), "would lose the data of an emptyDir volume", "allow the loss of emptyDir data"),
    clause(named("bare"), "would not be made again by any controller", "allow bare pods to be removed"),
  ];
  return parts.filter((part) => part !== "").join(" ");
}

const shown = 4;

function clause(names: readonly string[], fate: string, remedy: string): string {
  if (names.length === 0) return "";
  const rest = names.length > shown ? ` and ${names.length - shown} more` : "";
  return `${names.slice(0, shown).join(", ")}${rest} ${fate}; ${remedy} if that is meant.`;
}

function hasEmptyDir(pod: PodObject): boolean {
  return pod.spec.volumes.some(({ kind }) => kind === "emptyDir");
}
