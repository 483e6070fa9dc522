// F-40: a volume is asked for and nothing can make it.
import { openPod } from "../buttons";
import type { Failure } from "../failure";

const patienceMs = 120_000;

export const f40: Failure = {
  id: "F-40", title: "A volume is asked for and nothing can make it", area: "storage", severity: "critical",
  symptom: "pod has unbound immediate PersistentVolumeClaims.",
  says: [/unbound immediate PersistentVolumeClaims/, /storageclass\.storage\.k8s\.io "[^"]+" not found/],
  look: ({ picture, now }) => [...picture.store("PersistentVolumeClaim").values()].flatMap((claim) => {
    if (claim.phase !== "Pending" || now - claim.createdAt < patienceMs) return [];
    const classes = [...picture.store("StorageClass").values()];
    const there = claim.storageClass === "" ? classes.some(({ isDefault }) => isDefault) : classes.some(({ name }) => name === claim.storageClass);
    return there ? [] : [{ subject: { kind: "namespace" as const, key: claim.namespace }, say: `The claim ${claim.name} waits: ${claim.storageClass === "" ? "it names no class and none is the default" : `there is no class ${claim.storageClass}`}.`, since: claim.createdAt }];
  }),
  cause: "There is no StorageClass, or no driver: a self-managed cluster brings neither.",
  fix: [
    { say: "Install the EBS CSI driver and a gp3 class that is the default, before what keeps data." },
    { say: "See the pod.", button: openPod },
  ],
  source: "domain.md 4.7, F-40",
};
