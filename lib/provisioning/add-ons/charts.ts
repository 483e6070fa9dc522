// The values with which Argo CD installs each chart: its pods in their tier, its data on volumes of a size that was agreed to.
import { addOnOf } from "../add-ons";
import type { AddOnName, Blueprint } from "../model";
import { placementOf } from "./placement";
import { storageClassName } from "./settings";

type Values = Readonly<Record<string, unknown>>;

const persistence = (name: AddOnName): Values => ({ persistence: { enabled: true, storageClass: storageClassName, size: `${addOnOf(name).volumesGib[0] ?? 10}Gi` } });

/** Without the driver there is nothing that makes volumes, and what Prometheus holds ends with its pod. */
function prometheusStorage(name: AddOnName, { addOns }: Blueprint): Values {
  if (!addOns.chosen.includes("aws-ebs-csi-driver")) return {};
  return { storageSpec: { volumeClaimTemplate: { spec: { storageClassName, accessModes: ["ReadWriteOnce"], resources: { requests: { storage: `${addOnOf(name).volumesGib[0] ?? 50}Gi` } } } } } };
}

const values: Partial<Record<AddOnName, (name: AddOnName, blueprint: Blueprint) => Values>> = {
  "kube-prometheus-stack": (name, blueprint) => {
    const placement = placementOf(name, blueprint);
    return {
      prometheus: { prometheusSpec: { retention: "7d", ...placement, ...prometheusStorage(name, blueprint) } },
      prometheusOperator: { ...placement }, alertmanager: { alertmanagerSpec: { ...placement } }, grafana: { ...placement }, "kube-state-metrics": { ...placement },
    };
  },
  "argo-rollouts": (name, blueprint) => ({ controller: { ...placementOf(name, blueprint) } }),
  "rabbitmq": (name, blueprint) => ({ replicaCount: 1, ...placementOf(name, blueprint), ...persistence(name) }),
  "postgresql": (name, blueprint) => ({ architecture: "standalone", primary: { ...placementOf(name, blueprint), ...persistence(name) } }),
  "redis": (name, blueprint) => ({ architecture: "standalone", master: { ...placementOf(name, blueprint), persistence: { enabled: false } } }),
};

export function valuesOf(name: AddOnName, blueprint: Blueprint): Values {
  return values[name]?.(name, blueprint) ?? {};
}
