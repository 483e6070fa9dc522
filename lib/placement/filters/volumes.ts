// Volumes tie pods to nodes: claims that must exist and be bound, volumes that live in a place, limits of a driver
// (VolumeRestrictions, NodeVolumeLimits, VolumeBinding, VolumeZone).
import type { ClaimObject, NodeObject, PodObject, VolumeObject } from "../../adapters/kubernetes/objects";
import type { Picture } from "../picture";
import { refusal, type Filter, type Scene, type Stop } from "./refusal";
import { termsMatch } from "./selector";

const key = Symbol("volumes");
interface Claims { bound: { claim: ClaimObject; volume: VolumeObject | undefined }[]; delayed: ClaimObject[]; once: string[] }

/** Claims of a pod by their names; that of an ephemeral volume is named after pod and volume. */
function claimNames(pod: PodObject): { name: string; ephemeral: boolean }[] {
  return pod.spec.volumes.flatMap((volume): { name: string; ephemeral: boolean }[] => {
    if (volume.kind === "claim") return [{ name: volume.claim, ephemeral: false }];
    return volume.kind === "ephemeral" ? [{ name: volume.claim || `${pod.name}-${volume.name}`, ephemeral: true }] : [];
  });
}

function claimOf(picture: Picture, pod: PodObject, name: string): ClaimObject | undefined {
  return picture.store("PersistentVolumeClaim").get(`${pod.namespace}/${name}`);
}

function isBound(claim: ClaimObject): boolean {
  return claim.volumeName !== "" && claim.phase === "Bound";
}

function waits(picture: Picture, claim: ClaimObject): boolean {
  return picture.store("StorageClass").get(claim.storageClass)?.waitsForConsumer ?? false;
}

/** What the scheduler finds before it asks any node, in its order. */
export function volumeStop({ pod, ground: { picture } }: Scene): Stop | null {
  const names = claimNames(pod);
  const missing = names.find(({ name, ephemeral }) => !ephemeral && !claimOf(picture, pod, name));
  if (missing) return { filter: "volume-restrictions", reason: `persistentvolumeclaim "${missing.name}" not found`, say: `The claim ${missing.name} does not exist in ${pod.namespace}` };
  for (const { name, ephemeral } of names) {
    const stop = claimStop(claimOf(picture, pod, name), { name, ephemeral });
    if (stop) return stop;
  }
  const claims = names.flatMap(({ name }) => claimOf(picture, pod, name) ?? []);
  const immediate = claims.find((claim) => !isBound(claim) && (claim.volumeName !== "" || !waits(picture, claim)));
  if (immediate) return { filter: "volume-binding", reason: "pod has unbound immediate PersistentVolumeClaims", say: `The claim ${immediate.name} (class ${immediate.storageClass || "none"}) is not bound to a volume, and its class does not wait for a pod` };
  const lost = claims.find((claim) => isBound(claim) && !picture.store("PersistentVolume").get(claim.volumeName));
  if (lost) return { filter: "volume-zone", reason: `persistentvolume "${lost.volumeName}" not found`, say: `The claim ${lost.name} is bound to the volume ${lost.volumeName}, which does not exist` };
  return null;
}

function claimStop(claim: ClaimObject | undefined, { name, ephemeral }: { name: string; ephemeral: boolean }): Stop | null {
  const stop = (reason: string, say: string): Stop => ({ filter: "volume-binding", reason, say });
  if (!claim) return ephemeral ? stop(`waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`, `The claim ${name} of its ephemeral volume has not been made yet`) : null;
  if (claim.phase === "Lost") return stop(`persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.volumeName}"`, `The claim ${name} has lost its volume ${claim.volumeName}`);
  if (claim.deletedAt !== null) return stop(`persistentvolumeclaim "${name}" is being deleted`, `The claim ${name} is being deleted`);
  return null;
}

function claimsOf(scene: Scene): Claims {
  return scene.memo(key, () => {
    const { pod, ground: { picture } } = scene;
    const claims = claimNames(pod).flatMap(({ name }) => claimOf(picture, pod, name) ?? []);
    const inUse = new Set<string>();
    const exclusive = claims.filter((claim) => claim.accessModes.includes("ReadWriteOncePod"));
    if (exclusive.length > 0) {
      for (const room of scene.ground.rooms.values()) for (const other of room.pods.values()) {
        if (other.namespace === pod.namespace) for (const { name } of claimNames(other)) inUse.add(name);
      }
    }
    return {
      bound: claims.filter(isBound).map((claim) => ({ claim, volume: picture.store("PersistentVolume").get(claim.volumeName) })),
      delayed: claims.filter((claim) => !isBound(claim) && claim.volumeName === "" && waits(picture, claim)),
      once: exclusive.map((claim) => claim.name).filter((name) => inUse.has(name)),
    };
  });
}

export const volumeRestrictions: Filter = (scene) => {
  const [name] = claimsOf(scene).once;
  if (name === undefined) return null;
  return refusal("volume-restrictions", "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod", { say: `The claim ${name} allows one pod, and one has it`, short: "volume in use" });
};

/** Attachments that no pod explains are not seen here (we do not read VolumeAttachments). */
export const volumeLimits: Filter = ({ pod, ground: { picture } }, { node, pods }) => {
  const asked = attached(picture, pod);
  if (asked.size === 0) return null;
  const limits = new Map(picture.store("CSINode").get(node.name)?.drivers.flatMap(({ name, limit }) => (limit === null ? [] : [[name, limit] as const])));
  if (limits.size === 0) return null;
  const there = new Map<string, string>();
  for (const other of pods.values()) for (const [volume, driver] of attached(picture, other)) there.set(volume, driver);
  for (const [driver, limit] of limits) {
    const now = [...there.values()].filter((each) => each === driver).length;
    const more = [...asked].filter(([volume, each]) => each === driver && !there.has(volume)).length;
    if (more > 0 && now + more > limit) return refusal("volume-limits", "node(s) exceed max volume count", { say: `${driver} attaches at most ${limit} volumes to the node: ${now} are there, ${more} more asked`, short: "volume limit" });
  }
  return null;
};

/** Volume → driver, of what a pod has attached or would have. */
function attached(picture: Picture, pod: PodObject): Map<string, string> {
  const volumes = new Map<string, string>();
  for (const { name } of claimNames(pod)) {
    const claim = claimOf(picture, pod, name);
    if (!claim) continue;
    const volume = claim.volumeName === "" ? undefined : picture.store("PersistentVolume").get(claim.volumeName);
    const driver = volume ? volume.csiDriver : (picture.store("StorageClass").get(claim.storageClass)?.provisioner ?? "");
    if (driver !== "") volumes.set(volume ? `volume/${volume.name}` : `claim/${claim.namespace}/${claim.name}`, driver);
  }
  return volumes;
}

const noProvisioner = "kubernetes.io/no-provisioner";

/** Storage capacity published by a driver (CSIStorageCapacity) is not read. */
export const volumeBinding: Filter = (scene, { node }) => {
  const { bound, delayed } = claimsOf(scene);
  const { picture } = scene.ground;
  const elsewhere = bound.find(({ volume }) => volume && !reaches(volume, node));
  const unmet = unmetClaim(picture, delayed, node);
  if (!elsewhere && !unmet) return null;
  const reasons = [...(elsewhere ? ["node(s) didn't match PersistentVolume's node affinity"] : []), ...(unmet ? ["node(s) didn't find available persistent volumes to bind"] : [])];
  const say = [
    elsewhere ? `The volume of ${elsewhere.claim.name} cannot be reached from this node` : "",
    unmet ? `No volume for ${unmet.name} (class ${unmet.storageClass}) can be had on this node` : "",
  ];
  return { filter: "volume-binding", reasons, say: say.filter((each) => each !== "").join("; "), short: "volume", figures: [] };
};

/** A volume's affinity looks at labels alone; one without affinity is reached from everywhere. */
function reaches(volume: VolumeObject, node: NodeObject): boolean {
  return volume.nodeAffinity === null || termsMatch(volume.nodeAffinity.map((term) => ({ ...term, fields: [] })), node);
}

/** The first claim for which neither a volume lies ready nor one can be made here. Small claims choose first, the smallest volume that is large enough. */
function unmetClaim(picture: Picture, claims: readonly ClaimObject[], node: NodeObject): ClaimObject | undefined {
  const taken = new Set<string>();
  return claims.toSorted((a, b) => a.requestBytes - b.requestBytes).find((claim) => {
    if (claim.selectedNode !== "" && claim.selectedNode !== node.name) return true;
    const ready = claim.selectedNode === "" ? readyVolume(picture, claim, { node, taken }) : undefined;
    if (ready) taken.add(ready.name);
    else return !canProvision(picture, claim, node);
    return false;
  });
}

function readyVolume(picture: Picture, claim: ClaimObject, { node, taken }: { node: NodeObject; taken: ReadonlySet<string> }): VolumeObject | undefined {
  let best: VolumeObject | undefined;
  for (const volume of picture.store("PersistentVolume").values()) {
    if (volume.storageClass !== claim.storageClass || taken.has(volume.name) || volume.deletedAt !== null || volume.capacityBytes < claim.requestBytes || !reaches(volume, node)) continue;
    const own = volume.claim === `${claim.namespace}/${claim.name}`;
    if (own) return volume;
    if (volume.claim !== "" || volume.phase !== "Available" || !claim.accessModes.every((mode) => volume.accessModes.includes(mode))) continue;
    if (!best || volume.capacityBytes < best.capacityBytes) best = volume;
  }
  return best;
}

function canProvision(picture: Picture, claim: ClaimObject, node: NodeObject): boolean {
  const storage = picture.store("StorageClass").get(claim.storageClass);
  if (!storage || storage.provisioner === "" || storage.provisioner === noProvisioner) return false;
  return storage.allowedTopologies.length === 0 || termsMatch(storage.allowedTopologies, node);
}

const zoneKeys = ["failure-domain.beta.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/zone", "topology.kubernetes.io/region"];
const newName: Readonly<Record<string, string>> = { "failure-domain.beta.kubernetes.io/zone": "topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/region": "topology.kubernetes.io/region" };

export const volumeZone: Filter = (scene, { node }) => {
  if (!zoneKeys.some((name) => Object.hasOwn(node.labels, name))) return null;
  for (const { claim, volume } of claimsOf(scene).bound) {
    for (const name of zoneKeys) {
      const zones = volume?.volumeLabels[name] ?? volume?.labels[name];
      if (zones === undefined) continue;
      const here = node.labels[name] ?? node.labels[newName[name] ?? name];
      if (here === undefined || !zones.split("__").map((zone) => zone.trim()).includes(here)) {
        return refusal("volume-zone", "node(s) had no available volume zone", { say: `The volume of ${claim.name} is in ${zones.replaceAll("__", " or ")}, the node in ${here ?? "no zone"}`, short: "volume zone" });
      }
    }
  }
  return null;
};
