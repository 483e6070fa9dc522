// Claims, volumes, storage classes and CSI nodes at the door.
import type { ClaimObject, CsiNodeObject, StorageClassObject, VolumeObject } from "../objects";
import { base, finish } from "./base";
import type { Pools } from "./pools";
import { quantity, toUnits } from "./quantity";
import { Flaws, list, numberOrNull, record, text, type Raw } from "./read";
import { nodeSelectorTerms, texts } from "./selectors";

const annotationsOf = (raw: Raw): Raw => record(record(raw["metadata"])["annotations"]);

export function claim(raw: Raw, pools: Pools): ClaimObject {
  const flaws = new Flaws();
  const spec = record(raw["spec"]);
  const object: ClaimObject = {
    kind: "PersistentVolumeClaim",
    ...base(raw, pools, flaws),
    storageClass: pools.strings.share(text(spec["storageClassName"]) || text(annotationsOf(raw)["volume.beta.kubernetes.io/storage-class"])),
    volumeName: text(spec["volumeName"]),
    phase: pools.strings.share(text(record(raw["status"])["phase"])),
    requestBytes: quantity(record(record(spec["resources"])["requests"])["storage"], toUnits, { path: "spec.resources.requests.storage", flaws }),
    accessModes: texts(spec["accessModes"]),
    selectedNode: text(annotationsOf(raw)["volume.kubernetes.io/selected-node"]),
  };
  return finish(object, flaws);
}

export function volume(raw: Raw, pools: Pools): VolumeObject {
  const flaws = new Flaws();
  const spec = record(raw["spec"]);
  const bound = record(spec["claimRef"]);
  const common = base(raw, pools, flaws);
  const object: VolumeObject = {
    kind: "PersistentVolume",
    ...common,
    storageClass: pools.strings.share(text(spec["storageClassName"])),
    claim: bound["name"] === undefined ? "" : `${text(bound["namespace"])}/${text(bound["name"])}`,
    phase: pools.strings.share(text(record(raw["status"])["phase"])),
    capacityBytes: quantity(record(spec["capacity"])["storage"], toUnits, { path: "spec.capacity.storage", flaws }),
    accessModes: texts(spec["accessModes"]),
    nodeAffinity: nodeSelectorTerms(record(spec["nodeAffinity"])["required"]),
    csiDriver: text(record(spec["csi"])["driver"]),
    volumeLabels: common.labels,
  };
  return finish(object, flaws);
}

export function storageClass(raw: Raw, pools: Pools): StorageClassObject {
  const flaws = new Flaws();
  const object: StorageClassObject = {
    kind: "StorageClass",
    ...base(raw, pools, flaws),
    provisioner: text(raw["provisioner"]),
    waitsForConsumer: raw["volumeBindingMode"] === "WaitForFirstConsumer",
    isDefault: annotationsOf(raw)["storageclass.kubernetes.io/is-default-class"] === "true",
    allowedTopologies: list(raw["allowedTopologies"]).map((one) => ({
      expressions: list(record(one)["matchLabelExpressions"]).map(record).map((rule) => ({ key: text(rule["key"]), operator: "In" as const, values: texts(rule["values"]) })),
      fields: [],
    })),
  };
  return finish(object, flaws);
}

export function csiNode(raw: Raw, pools: Pools): CsiNodeObject {
  const flaws = new Flaws();
  const object: CsiNodeObject = {
    kind: "CSINode",
    ...base(raw, pools, flaws),
    drivers: list(record(raw["spec"])["drivers"]).map(record).map((driver) => ({
      name: text(driver["name"]), limit: numberOrNull(record(driver["allocatable"])["count"]), topologyKeys: texts(driver["topologyKeys"]),
    })),
  };
  return finish(object, flaws);
}
