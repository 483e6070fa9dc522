// What the cluster itself runs on: network, volumes, names, load balancers, certificates, monitoring, Argo CD.
import type { JsonObject } from "../json.ts";
import { daemonSet, deployment, disruptionBudget, service, statefulSet, type Row } from "./build.ts";

const system = "kube-system";

function networkObjects(): JsonObject[] {
  const calico: Row = { namespace: system, name: "calico-node", image: "docker.io/calico/node:v3.26.4", cpuMillis: 250, hostNetwork: true, init: [{ name: "install-cni", image: "docker.io/calico/cni:v3.26.4" }], env: { CLUSTER_TYPE: "k8s", CALICO_IPV4POOL_IPIP: "Never", CALICO_IPV4POOL_VXLAN: "Always" }, readiness: { exec: ["/bin/calico-node", "-felix-ready"], port: 0, delaySeconds: 0, periodSeconds: 10 } };
  const proxy: Row = { namespace: system, name: "kube-proxy", image: "registry.k8s.io/kube-proxy:v1.36.3", hostNetwork: true };
  const controllers: Row = { namespace: system, name: "calico-kube-controllers", image: "docker.io/calico/kube-controllers:v3.26.4", toleratesControlPlane: true, priority: "system-cluster-critical", prefersWorkload: "application" };
  const dns: Row = {
    namespace: system, name: "coredns", image: "registry.k8s.io/coredns/coredns:v1.14.1", replicas: 2, cpuMillis: 100, memoryMi: 70, memoryLimitMi: 170, toleratesControlPlane: true, priority: "system-cluster-critical",
    prefersWorkload: "application", labels: { "k8s-app": "kube-dns" }, ports: [{ name: "dns", port: 53 }, { name: "metrics", port: 9153 }], nodeSelector: { "kubernetes.io/os": "linux" },
    liveness: { http: "/health", port: 8080, delaySeconds: 60, periodSeconds: 10 }, readiness: { http: "/ready", port: 8181, delaySeconds: 0, periodSeconds: 10 },
  };
  return [
    daemonSet(calico), daemonSet(proxy), deployment(controllers), deployment(dns),
    service({ namespace: system, name: "kube-dns", app: "coredns", clusterIp: "10.96.0.10", ports: [{ name: "dns-tcp", port: 53, target: 53 }, { name: "metrics", port: 9153, target: 9153 }] }),
    disruptionBudget({ namespace: system, name: "coredns", minAvailable: 1 }),
  ];
}

function awsObjects(): JsonObject[] {
  const csi = "public.ecr.aws/ebs-csi-driver/aws-ebs-csi-driver:v1.28.0";
  const node: Row = {
    namespace: system, name: "ebs-csi-node", container: "ebs-plugin", image: csi, cpuMillis: 10, hostNetwork: true,
    sidecars: [{ name: "node-driver-registrar", image: "registry.k8s.io/sig-storage/csi-node-driver-registrar:v2.10.0", cpuMillis: 10 }, { name: "liveness-probe", image: "registry.k8s.io/sig-storage/livenessprobe:v2.12.0", cpuMillis: 10 }],
  };
  const controller: Row = { namespace: system, name: "ebs-csi-controller", container: "ebs-plugin", image: csi, replicas: 2, spreads: true, priority: "system-cluster-critical", sidecars: [{ name: "csi-provisioner", image: "registry.k8s.io/sig-storage/csi-provisioner:v4.0.0" }, { name: "csi-attacher", image: "registry.k8s.io/sig-storage/csi-attacher:v4.5.0" }] };
  const balancer: Row = { namespace: system, name: "aws-load-balancer-controller", container: "controller", image: "public.ecr.aws/eks/aws-load-balancer-controller:v2.7.1", replicas: 2, spreads: true, ports: [{ name: "webhook", port: 9443 }] };
  return [
    daemonSet(node), deployment(controller), deployment(balancer),
    { apiVersion: "storage.k8s.io/v1", kind: "CSIDriver", metadata: { name: "ebs.csi.aws.com" }, spec: { attachRequired: true, podInfoOnMount: false, fsGroupPolicy: "ReadWriteOnceWithFSType" } },
    {
      apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "gp3", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
      provisioner: "ebs.csi.aws.com", parameters: { type: "gp3", encrypted: "true" }, volumeBindingMode: "WaitForFirstConsumer", reclaimPolicy: "Delete", allowVolumeExpansion: true,
    },
    { apiVersion: "networking.k8s.io/v1", kind: "IngressClass", metadata: { name: "alb", annotations: { "ingressclass.kubernetes.io/is-default-class": "true" } }, spec: { controller: "ingress.k8s.aws/alb" } },
  ];
}

function certificateObjects(): JsonObject[] {
  const part = (name: string): Row => ({ namespace: "cert-manager", name, container: name, image: `quay.io/jetstack/${name === "cert-manager" ? "cert-manager-controller" : name}:v1.13.0`, prefersWorkload: "async-workers" });
  return ["cert-manager", "cert-manager-webhook", "cert-manager-cainjector"].map((name) => deployment(part(name)));
}

export interface MonitoringPlace {
  prometheus: Partial<Row>;
  grafana: Partial<Row>;
  alertmanager: Partial<Row>;
  /** Where the rest would like to be. */
  rest: string;
  prometheusCpuMillis: number;
}

function prometheusRow(place: MonitoringPlace): Row {
  return {
    namespace: "monitoring", name: "prometheus-prometheus-kube-prometheus-prometheus", container: "prometheus", image: "quay.io/prometheus/prometheus:v2.48.0",
    cpuMillis: place.prometheusCpuMillis, memoryMi: 2048, memoryLimitMi: 4096, ports: [{ name: "http-web", port: 9090 }], labels: { release: "prometheus" }, ...place.prometheus,
    command: ["/bin/prometheus", "--storage.tsdb.retention.time=7d", "--storage.tsdb.retention.size=40GB"],
    claims: [{ name: "prometheus-db", gibibytes: 50, mountPath: "/prometheus" }],
    readiness: { http: "/-/ready", port: 9090, delaySeconds: 0, periodSeconds: 5 },
  };
}

/** Its StatefulSet comes after all else: where the machine is too small, it is this one that finds no place. */
export function prometheusObjects(place: MonitoringPlace): JsonObject[] {
  return [statefulSet(prometheusRow(place))];
}

function monitoringObjects(place: MonitoringPlace): JsonObject[] {
  const namespace = "monitoring";
  const wished = { prefersWorkload: place.rest };
  const release = { release: "prometheus" };
  const grafana: Row = { namespace, name: "prometheus-grafana", container: "grafana", image: "docker.io/grafana/grafana:10.2.2", cpuMillis: 500, memoryMi: 512, ports: [{ name: "http-web", port: 3000 }], labels: { ...release, "app.kubernetes.io/component": "grafana" }, ...place.grafana };
  const alertmanager: Row = { namespace, name: "alertmanager-prometheus-kube-prometheus-alertmanager", container: "alertmanager", image: "quay.io/prometheus/alertmanager:v0.26.0", cpuMillis: 250, memoryMi: 256, ports: [{ name: "http-web", port: 9093 }], labels: release, ...place.alertmanager };
  return [
    deployment(grafana), statefulSet(alertmanager),
    daemonSet({ namespace, name: "prometheus-prometheus-node-exporter", container: "node-exporter", image: "quay.io/prometheus/node-exporter:v1.7.0", hostNetwork: true, ports: [{ name: "http-metrics", port: 9100 }], labels: release }),
    deployment({ namespace, name: "prometheus-kube-state-metrics", container: "kube-state-metrics", image: "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.10.1", ports: [{ name: "http", port: 8080 }], labels: release, ...wished }),
    deployment({ namespace, name: "prometheus-kube-prometheus-operator", container: "operator", image: "quay.io/prometheus-operator/prometheus-operator:v0.70.0", labels: release }),
    // Its certificate does not name the kubelets it asks: it runs, and is never ready.
    deployment({ namespace: system, name: "metrics-server", image: "registry.k8s.io/metrics-server/metrics-server:v0.8.0", cpuMillis: 100, memoryMi: 200, ports: [{ name: "https", port: 10250 }], behaviour: "never-ready", ...wished }),
    service({ namespace, name: "prometheus-kube-prometheus-prometheus", app: prometheusRow(place).name, ports: [{ name: "http-web", port: 9090, target: 9090 }] }),
    service({ namespace, name: "prometheus-grafana", ports: [{ name: "http-web", port: 80, target: 3000, nodePort: 30080 }] }),
    service({ namespace, name: "prometheus-kube-prometheus-alertmanager", app: alertmanager.name, ports: [{ name: "http-web", port: 9093, target: 9093 }] }),
    service({ namespace, name: "prometheus-kube-state-metrics", ports: [{ name: "http", port: 8080, target: 8080 }] }),
  ];
}

/** Nothing pins Argo CD, and so it lies about on other tiers' machines, as it really did; a wish makes it the same at every start. */
const argoLandsOn: Record<string, string> = { "notifications-controller": "async-workers", "applicationset-controller": "async-workers", "application-controller": "database", redis: "cache" };

function argoObjects(dexBehaviour: string | undefined): JsonObject[] {
  const part = (name: string, more: Partial<Row> = {}): Row => ({ namespace: "argocd", name: `argocd-${name}`, image: "quay.io/argoproj/argocd:v2.9.3", labels: { "app.kubernetes.io/part-of": "argocd" }, prefersWorkload: argoLandsOn[name] ?? "application", ...more });
  return [
    deployment(part("server", { ports: [{ name: "server", port: 8080 }], readiness: { http: "/healthz", port: 8080, delaySeconds: 3, periodSeconds: 30 } })),
    deployment(part("repo-server", { init: [{ name: "copyutil", image: "quay.io/argoproj/argocd:v2.9.3" }] })),
    statefulSet(part("application-controller")), deployment(part("applicationset-controller")),
    deployment(part("dex-server", { image: "ghcr.io/dexidp/dex:v2.37.0", ...(dexBehaviour === undefined ? {} : { behaviour: dexBehaviour }) })),
    deployment(part("redis", { image: "redis:7.0.11-alpine" })), deployment(part("notifications-controller")),
    service({ namespace: "argocd", name: "argocd-server", ports: [{ name: "http", port: 80, target: 8080, nodePort: 30081 }, { name: "https", port: 443, target: 8080, nodePort: 30443 }] }),
    deployment({ namespace: "argo-rollouts", name: "argo-rollouts", image: "quay.io/argoproj/argo-rollouts:v1.9.2" }),
  ];
}

const namespaces = ["argocd", "auth", "users", "waste", "recycling", "locations", "messaging", "monitoring", "cert-manager", "rabbitmq-system", "argo-rollouts", "analytics"];

export function namespaceObjects(): JsonObject[] {
  return namespaces.map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } }));
}

export function platformObjects(input: { monitoring: MonitoringPlace; dexBehaviour?: string }): JsonObject[] {
  const backend: Row = { namespace: "default", name: "default-backend", image: "gcr.io/google_containers/defaultbackend-amd64:1.5", ports: [{ name: "http", port: 8080 }] };
  return [
    ...networkObjects(), ...awsObjects(), ...certificateObjects(), ...monitoringObjects(input.monitoring), ...argoObjects(input.dexBehaviour),
    deployment(backend), service({ namespace: "default", name: "default-backend", ports: [{ name: "http", port: 80, target: 8080, nodePort: 30082 }] }),
  ];
}
