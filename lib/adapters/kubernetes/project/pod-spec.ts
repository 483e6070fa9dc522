// All that decides where a pod may run, as one object that equal pods share.
import type { ContainerSpec, HostPort, PodSpec, PodVolume } from "../objects";
import { labels } from "./base";
import type { Pools } from "./pools";
import { Flaws, flag, list, number, oneOf, record, text, type Raw } from "./read";
import { podTotal, resources } from "./resources";
import { affinityTerms, nodeSelectorTerms, preferredTerms, spread, tolerations } from "./selectors";

/** The API server gives each pod a volume of this name with five random letters; kept, they would make every spec its own. */
const tokenVolume = /^kube-api-access-[a-z0-9]{5}$/;
const volumeName = (raw: Raw): string => text(raw["name"]).replace(tokenVolume, "kube-api-access");

/** Everything of the raw spec that the projection reads, and nothing that differs between pods of one template. */
function identity(spec: Raw): string {
  const container = (value: unknown) => {
    const raw = record(value);
    return [raw["name"], raw["image"], raw["resources"], raw["restartPolicy"], raw["ports"]];
  };
  const volume = (value: unknown) => {
    const raw = record(value);
    return [volumeName(raw), raw["persistentVolumeClaim"], ...volumeSources.map((kind) => (kind in raw ? 1 : 0))];
  };
  return JSON.stringify([
    spec["schedulerName"], spec["priority"], spec["preemptionPolicy"], spec["serviceAccountName"], spec["hostNetwork"], spec["restartPolicy"],
    spec["nodeSelector"], spec["affinity"], spec["tolerations"], spec["topologySpreadConstraints"], spec["schedulingGates"], spec["overhead"], spec["resources"],
    list(spec["containers"]).map(container), list(spec["initContainers"]).map(container), list(spec["volumes"]).map(volume),
  ]);
}

const volumeSources = ["emptyDir", "hostPath", "configMap", "secret", "ephemeral", "csi"] as const;

export function podSpec(value: unknown, pools: Pools, flaws: Flaws): PodSpec {
  const raw = record(value);
  const shared = pools.specs.share(identity(raw), () => {
    const own = new Flaws();
    const made = project(raw, pools, own);
    if (own.found) pools.specFlaws.set(made, own.found);
    return made;
  });
  const known = pools.specFlaws.get(shared);
  if (known) flaws.found = [...(flaws.found ?? []), ...known];
  return shared;
}

function project(raw: Raw, pools: Pools, flaws: Flaws): PodSpec {
  const affinity = record(raw["affinity"]);
  const [node, pod, anti] = [record(affinity["nodeAffinity"]), record(affinity["podAffinity"]), record(affinity["podAntiAffinity"])];
  const required = "requiredDuringSchedulingIgnoredDuringExecution";
  const containers = containerSpecs(raw, pools, flaws);
  const extra = { podLevel: raw["resources"], overhead: resources(raw["overhead"], pools, { path: "spec.overhead", flaws }), pools, flaws };
  return {
    schedulerName: pools.strings.share(text(raw["schedulerName"]) || "default-scheduler"),
    priority: number(raw["priority"]),
    preemptionPolicy: pools.strings.share(text(raw["preemptionPolicy"]) || "PreemptLowerPriority"),
    serviceAccount: pools.strings.share(text(raw["serviceAccountName"])),
    hostNetwork: flag(raw["hostNetwork"]),
    restartPolicy: pools.strings.share(text(raw["restartPolicy"]) || "Always"),
    nodeSelector: labels(raw["nodeSelector"], pools),
    nodeAffinity: nodeSelectorTerms(node[required]),
    preferredNodeAffinity: preferredTerms(node["preferredDuringSchedulingIgnoredDuringExecution"]),
    podAffinity: affinityTerms(pod[required], pools),
    podAntiAffinity: affinityTerms(anti[required], pools),
    tolerations: pools.tolerations.share(JSON.stringify(list(raw["tolerations"])), () => tolerations(raw["tolerations"])),
    spread: spread(raw["topologySpreadConstraints"], pools),
    hostPorts: hostPorts(raw),
    schedulingGates: list(raw["schedulingGates"]).map((gate) => text(record(gate)["name"])),
    containers,
    volumes: sharedVolumes(raw["volumes"], pools),
    requests: podTotal(containers, "requests", extra),
    limits: podTotal(containers, "limits", extra),
  };
}

function containerSpecs(raw: Raw, pools: Pools, flaws: Flaws): readonly ContainerSpec[] {
  const read = (value: unknown, init: boolean): ContainerSpec => {
    const one = record(value);
    const given = record(one["resources"]);
    const name = pools.strings.share(text(one["name"]));
    const at = (which: string) => ({ path: `spec.${init ? "initContainers" : "containers"}[${name}].resources.${which}`, flaws });
    const limits = resources(given["limits"], pools, at("limits"));
    return {
      name, image: pools.strings.share(text(one["image"])), init, sidecar: init && one["restartPolicy"] === "Always",
      requests: resources({ ...record(given["limits"]), ...record(given["requests"]) }, pools, at("requests")), limits,
    };
  };
  const all = [...list(raw["initContainers"]).map((one) => read(one, true)), ...list(raw["containers"]).map((one) => read(one, false))];
  return pools.containers.share(JSON.stringify(all), () => all);
}

/** Host ports of containers and sidecars; with hostNetwork every port is the node's. Only containers that stay hold one. */
function hostPorts(raw: Raw): HostPort[] {
  const staying = [...list(raw["containers"]), ...list(raw["initContainers"]).filter((one) => record(one)["restartPolicy"] === "Always")];
  return staying.flatMap((one) =>
    list(record(one)["ports"]).map(record).flatMap((port) => {
      const held = number(port["hostPort"]) || (flag(raw["hostNetwork"]) ? number(port["containerPort"]) : 0);
      return held > 0 ? [{ port: held, protocol: text(port["protocol"]) || "TCP", hostIp: text(port["hostIP"]) }] : [];
    }),
  );
}

function volume(value: unknown): PodVolume {
  const raw = record(value);
  const claim = record(raw["persistentVolumeClaim"]);
  const kind = "persistentVolumeClaim" in raw ? "claim" : (volumeSources.find((source) => source in raw) ?? "other");
  return { name: volumeName(raw), kind: oneOf(kind, ["claim", ...volumeSources, "other"], "other"), claim: text(claim["claimName"]), readOnly: flag(claim["readOnly"]) };
}

function sharedVolumes(value: unknown, pools: Pools): readonly PodVolume[] {
  const all = list(value).map(volume);
  return pools.volumes.share(JSON.stringify(all), () => all);
}

/** Images of the containers that do the work, for a table. */
export function images(spec: PodSpec | null): readonly string[] {
  return spec ? [...new Set(spec.containers.filter((one) => !one.init).map((one) => one.image))] : [];
}
