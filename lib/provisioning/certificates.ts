// A cluster's certificates in one list: which, where it lies, how its end is known, and whether that is near.
import type { DiskCertificate } from "./boot/certificates";

/** How near its end is; the console warns a month before, as kubeadm's own certificates live a year. */
export type CertificateState = "good" | "soon" | "urgent" | "over";
export interface CertificateRow {
  name: string;
  /** The machine on whose disk it lies; "" for what is seen from outside. */
  machine: string;
  until: number;
  /** Whether a renewal renews it: authorities live ten years, and no renewal renews them. */
  renewable: boolean;
  /** By whom its end is told. */
  known: Witness;
}

/** A handshake with the API server just now; the console's own kubeconfig; the machine's kubeadm, into the cluster. */
export const witnesses = ["handshake", "kubeconfig", "kubeadm"] as const;
export type Witness = (typeof witnesses)[number];
export const witnessWords: Record<Witness, string> = {
  handshake: "shown by the API server in a handshake just now",
  kubeconfig: "read in the console's own kubeconfig",
  kubeadm: "told by the machine's own kubeadm at its boot or its last renewal, in the ConfigMap kube-system/quarterdeck-certificates",
};

interface Seen { what: "serving" | "own" | "authority"; until: number }

const dayMs = 86_400_000;
const soonDays = 30;
const urgentDays = 7;

export function certificateState(until: number, now: number): CertificateState {
  if (until <= now) return "over";
  return until - now < urgentDays * dayMs ? "urgent" : until - now < soonDays * dayMs ? "soon" : "good";
}

const seenWords: Record<Seen["what"], Pick<CertificateRow, "name" | "known" | "renewable">> = {
  serving: { name: "API server, as it is served now", known: "handshake", renewable: true },
  own: { name: "the console's own client certificate", known: "kubeconfig", renewable: true },
  authority: { name: "the authority that the console trusts", known: "kubeconfig", renewable: false },
};

/** What runs out first stands first; authorities, which outlive the rest, last. */
export function certificateRows(seen: readonly Seen[], told: readonly DiskCertificate[]): CertificateRow[] {
  return [
    ...seen.map(({ what, until }): CertificateRow => ({ ...seenWords[what], machine: "", until })),
    ...told.map(({ machine, name, authority, until }): CertificateRow => ({ name, machine, until, renewable: !authority, known: "kubeadm" })),
  ].toSorted((a, b) => Number(b.renewable) - Number(a.renewable) || a.until - b.until || (a.name < b.name ? -1 : 1));
}
