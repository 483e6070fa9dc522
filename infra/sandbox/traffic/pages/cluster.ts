// The page of kube-state-metrics: what the API server's objects say, as series.
import { counter, gauge, type Family, type Labels } from "../exposition.ts";
import type { SeenContainer, SeenPod, SeenWorkload } from "../seen.ts";
import type { Picture } from "../watch.ts";

const phases = ["Pending", "Running", "Succeeded", "Failed", "Unknown"];

export function clusterPage(picture: Picture): Family[] {
  const pods = [...picture.pods.values()];
  return [...podFamilies(pods), ...nodeFamilies(picture), ...workloadFamilies(picture.workloads.flatMap((kind) => [...kind.values()])), ...claimFamilies(picture)];
}

const podLabels = (pod: SeenPod): Labels => ({ namespace: pod.namespace, pod: pod.name, uid: pod.uid });

function podFamilies(pods: SeenPod[]): Family[] {
  const containers = pods.flatMap((pod) => pod.containers.map((container) => ({ pod, container, labels: { ...podLabels(pod), container: container.name } })));
  const amounts = (which: "Request" | "Limit"): (readonly [Labels, number])[] => containers.flatMap(({ pod, container, labels }) => resourceRows(container, which).map(([resource, unit, value]) => [{ ...labels, node: pod.node, resource, unit }, value] as const));
  return [
    gauge("kube_pod_info", "Information about pod.", pods.map((pod) => [{ ...podLabels(pod), node: pod.node, pod_ip: pod.ip, created_by_kind: pod.owner.kind, created_by_name: pod.owner.name }, 1] as const)),
    gauge("kube_pod_status_phase", "The pods current phase.", pods.flatMap((pod) => phases.map((phase) => [{ ...podLabels(pod), phase }, pod.phase === phase ? 1 : 0] as const))),
    gauge("kube_pod_status_ready", "Describes whether the pod is ready to serve requests.", pods.map((pod) => [{ ...podLabels(pod), condition: "true" }, pod.ready ? 1 : 0] as const)),
    gauge("kube_pod_created", "Unix creation timestamp.", pods.map((pod) => [podLabels(pod), Math.floor(pod.createdAt / 1000)] as const)),
    gauge("kube_pod_labels", "Kubernetes labels converted to Prometheus labels.", pods.map((pod) => [{ ...podLabels(pod), label_app: pod.app, label_version: pod.labels.version ?? "", label_pod_template_hash: pod.templateHash }, 1] as const)),
    gauge("kube_pod_container_resource_requests", "The number of requested request resource by a container.", amounts("Request")),
    gauge("kube_pod_container_resource_limits", "The number of requested limit resource by a container.", amounts("Limit")),
    counter("kube_pod_container_status_restarts_total", "The number of container restarts per container.", containers.map(({ labels, container }) => [labels, container.restarts] as const)),
    gauge("kube_pod_container_status_ready", "Describes whether the containers readiness check succeeded.", containers.map(({ labels, container }) => [labels, container.ready ? 1 : 0] as const)),
    gauge("kube_pod_container_status_waiting_reason", "Describes the reason the container is currently in waiting state.", containers.filter(({ container }) => container.waiting !== "").map(({ labels, container }) => [{ ...labels, reason: container.waiting }, 1] as const)),
  ];
}

function resourceRows(container: SeenContainer, which: "Request" | "Limit"): [string, string, number][] {
  const rows: [string, string, number][] = [["cpu", "core", container[`cpu${which}`]], ["memory", "byte", container[`memory${which}`]]];
  return rows.filter(([, , value]) => value > 0);
}

function nodeFamilies({ nodes }: Picture): Family[] {
  const all = [...nodes.values()];
  const statuses = ["true", "false", "unknown"];
  return [
    gauge("kube_node_info", "Information about a cluster node.", all.map((node) => [{ node: node.name, internal_ip: node.ip }, 1] as const)),
    gauge("kube_node_spec_unschedulable", "Whether a node can schedule new pods.", all.map((node) => [{ node: node.name }, node.unschedulable ? 1 : 0] as const)),
    gauge("kube_node_status_condition", "The condition of a cluster node.", all.flatMap((node) => node.conditions.flatMap(({ type, status }) => statuses.map((one) => [{ node: node.name, condition: type, status: one }, status.toLowerCase() === one ? 1 : 0] as const)))),
    gauge("kube_node_status_capacity", "The capacity for different resources of a node.", all.flatMap((node) => [[{ node: node.name, resource: "cpu", unit: "core" }, node.cpuCores], [{ node: node.name, resource: "memory", unit: "byte" }, node.memoryBytes], [{ node: node.name, resource: "pods", unit: "integer" }, node.pods]] as const)),
  ];
}

function workloadFamilies(workloads: SeenWorkload[]): Family[] {
  const rows = (kind: string, value: (workload: SeenWorkload) => number): (readonly [Labels, number])[] => workloads.filter((one) => one.kind === kind).map((one) => [{ namespace: one.namespace, [kind.toLowerCase()]: one.name }, value(one)] as const);
  return [
    gauge("kube_deployment_spec_replicas", "Number of desired pods for a deployment.", rows("Deployment", ({ wanted }) => wanted)),
    gauge("kube_deployment_status_replicas_available", "The number of available replicas per deployment.", rows("Deployment", ({ available }) => available)),
    gauge("kube_deployment_status_replicas_unavailable", "The number of unavailable replicas per deployment.", rows("Deployment", ({ wanted, available }) => Math.max(0, wanted - available))),
    gauge("kube_deployment_status_replicas_ready", "The number of ready replicas per deployment.", rows("Deployment", ({ ready }) => ready)),
    gauge("kube_deployment_status_replicas_updated", "The number of updated replicas per deployment.", rows("Deployment", ({ updated }) => updated)),
    gauge("kube_deployment_metadata_generation", "Sequence number representing a specific generation of the desired state.", rows("Deployment", ({ generation }) => generation)),
    gauge("kube_deployment_status_observed_generation", "The generation observed by the deployment controller.", rows("Deployment", ({ observed }) => observed)),
    gauge("kube_statefulset_replicas", "Number of desired pods for a StatefulSet.", rows("StatefulSet", ({ wanted }) => wanted)),
    gauge("kube_statefulset_status_replicas_ready", "The number of ready replicas per StatefulSet.", rows("StatefulSet", ({ ready }) => ready)),
    gauge("kube_daemonset_status_desired_number_scheduled", "The number of nodes that should be running the daemon pod.", rows("DaemonSet", ({ wanted }) => wanted)),
    gauge("kube_daemonset_status_number_ready", "The number of nodes that should be running the daemon pod and have one or more of it running and ready.", rows("DaemonSet", ({ ready }) => ready)),
  ];
}

function claimFamilies({ claims }: Picture): Family[] {
  const all = [...claims.values()];
  const labels = (claim: { namespace: string; name: string }): Labels => ({ namespace: claim.namespace, persistentvolumeclaim: claim.name });
  return [
    gauge("kube_persistentvolumeclaim_resource_requests_storage_bytes", "The capacity of storage requested by the persistent volume claim.", all.map((claim) => [labels(claim), claim.bytes] as const)),
    gauge("kube_persistentvolumeclaim_status_phase", "The phase the persistent volume claim is currently in.", all.flatMap((claim) => ["Bound", "Pending", "Lost"].map((phase) => [{ ...labels(claim), phase }, claim.phase === phase ? 1 : 0] as const))),
  ];
}
