// Figures of provisioning as words: dollars, times, marks.
import type { PlanAct } from "@/lib/provisioning/model";

/** "$180.10"; an en dash for nothing. */
export const usd = (value: number | null): string => (value === null ? "–" : value.toFixed(2));

/** "3:03" from milliseconds. */
export function minutes(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export const actMarks: Record<PlanAct, { mark: string; word: string }> = {
  create: { mark: "+", word: "create" },
  update: { mark: "~", word: "update" },
  replace: { mark: "−+", word: "replace" },
  delete: { mark: "−", word: "delete" },
  keep: { mark: "=", word: "keep" },
};

/** A value of a field on one line. */
export function fieldText(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(fieldText).join(", ");
  if (typeof value === "object" && "ref" in value) return String(value.ref).replace(/^[^/]+\//, "");
  return Object.entries(value).map(([key, each]) => `${key}=${fieldText(each)}`).join(", ") || "none";
}

const ownWords: Record<string, string> = { imageId: "Image", instanceType: "Type", securityGroups: "Groups", keyPair: "Key pair", rootDevice: "Device", rootVolumeGib: "Disk, GiB", rootVolumeType: "Disk type", rootVolumeEncrypted: "Encrypted", metadataTokens: "IMDSv2", metadataHopLimit: "Hop limit", podCidr: "Pods", serviceCidr: "Services", kubernetesVersion: "Version" };

/** "nameOfField" as "Name of field", where there is no better word. */
export const fieldLabel = (field: string): string => ownWords[field] ?? field.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`).replace(/^./, (letter) => letter.toUpperCase());

/** A long id with its middle left out, for digests alone. */
export const shortDigest = (digest: string): string => `${digest.slice(0, 8)}…${digest.slice(-8)}`;
