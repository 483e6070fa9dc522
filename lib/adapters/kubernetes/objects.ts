// The Kubernetes objects as we read them: parsed once at the door, only the fields the product uses.
// CPU is in millicores, memory and storage in bytes, times in ms since the epoch. A quantity that cannot be
// read is NaN in its place and named in `broken`; nothing here ever throws on what an API server sends.

export interface Owner { kind: string; name: string; uid: string }

export interface ObjectBase {
  uid: string;
  name: string;
  /** "" for what has no namespace. */
  namespace: string;
  resourceVersion: string;
  labels: Labels;
  createdAt: number;
  deletedAt: number | null;
  /** The controlling owner, else the first owner, else null. */
  owner: Owner | null;
  /** Fields that could not be read, each as "path: value"; null when all could. */
  broken: string[] | null;
}

export type Labels = Readonly<Record<string, string>>;

export interface Resources {
  cpuMillis: number;
  memoryBytes: number;
  ephemeralBytes: number;
  pods: number;
  /** Everything else by its name (nvidia.com/gpu, hugepages-2Mi …), in whole units or bytes. */
  extended: Readonly<Record<string, number>>;
}

export interface Condition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason: string;
  message: string;
  /** When its status last changed. */
  at: number;
  /** When anything of it last changed, where the kind tells; a rollout's end is known by it. */
  updatedAt?: number;
}

export type TaintEffect = "NoSchedule" | "PreferNoSchedule" | "NoExecute";
export interface Taint { key: string; value: string; effect: TaintEffect }
export interface Toleration { key: string; operator: "Exists" | "Equal" | "Lt" | "Gt"; value: string; effect: TaintEffect | ""; tolerationSeconds: number | null }

export interface NodeObject extends ObjectBase {
  kind: "Node";
  unschedulable: boolean;
  taints: readonly Taint[];
  providerId: string;
  capacity: Resources;
  allocatable: Resources;
  conditions: readonly Condition[];
  internalIp: string;
  kubeletVersion: string;
  osImage: string;
  containerRuntime: string;
  images: readonly string[];
}

export interface Requirement { key: string; operator: "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt"; values: readonly string[] }
export interface LabelSelector { matchLabels: Labels; matchExpressions: readonly Requirement[] }
export interface NodeSelectorTerm { expressions: readonly Requirement[]; fields: readonly Requirement[] }
export interface PodAffinityTerm {
  /** null selects nothing. */
  selector: LabelSelector | null;
  topologyKey: string;
  namespaces: readonly string[];
  /** null when absent; an empty selector selects every namespace. */
  namespaceSelector: LabelSelector | null;
  matchLabelKeys: readonly string[];
  mismatchLabelKeys: readonly string[];
}
export interface TopologySpread {
  maxSkew: number;
  topologyKey: string;
  whenUnsatisfiable: "DoNotSchedule" | "ScheduleAnyway";
  selector: LabelSelector | null;
  minDomains: number | null;
  nodeAffinityPolicy: "Honor" | "Ignore";
  nodeTaintsPolicy: "Honor" | "Ignore";
  matchLabelKeys: readonly string[];
}
export interface HostPort { port: number; protocol: string; hostIp: string }
export interface ContainerSpec {
  name: string;
  image: string;
  init: boolean;
  /** An init container with restartPolicy Always. */
  sidecar: boolean;
  requests: Resources;
  limits: Resources;
}
export interface PodVolume { name: string; kind: "claim" | "emptyDir" | "hostPath" | "configMap" | "secret" | "ephemeral" | "csi" | "other"; claim: string; readOnly: boolean }

/** All that decides where a pod may run. Shared between the pods of a template: equal specs are one object. */
export interface PodSpec {
  schedulerName: string;
  priority: number;
  preemptionPolicy: string;
  serviceAccount: string;
  hostNetwork: boolean;
  restartPolicy: string;
  nodeSelector: Labels;
  /** null = no required node affinity; terms are or-ed, an empty list matches nothing. */
  nodeAffinity: readonly NodeSelectorTerm[] | null;
  preferredNodeAffinity: readonly { weight: number; term: NodeSelectorTerm }[];
  podAffinity: readonly PodAffinityTerm[];
  podAntiAffinity: readonly PodAffinityTerm[];
  tolerations: readonly Toleration[];
  spread: readonly TopologySpread[];
  hostPorts: readonly HostPort[];
  schedulingGates: readonly string[];
  containers: readonly ContainerSpec[];
  volumes: readonly PodVolume[];
  /** What the scheduler counts: max(sum of containers and sidecars, init peaks) + overhead. */
  requests: Resources;
  limits: Resources;
}

export interface ContainerStatus {
  name: string;
  ready: boolean;
  restarts: number;
  state: "waiting" | "running" | "terminated" | "unknown";
  reason: string;
  exitCode: number | null;
  lastReason: string;
}

export type PodPhase = "Pending" | "Running" | "Succeeded" | "Failed" | "Unknown";

export interface PodObject extends ObjectBase {
  kind: "Pod";
  spec: PodSpec;
  /** "" while it has no node. */
  nodeName: string;
  phase: PodPhase;
  reason: string;
  ready: boolean;
  /** Since when it is ready; absent while it is not. */
  readySince?: number;
  /** The PodScheduled condition when it is False, else null. */
  unscheduled: { reason: string; message: string; at: number } | null;
  nominatedNode: string;
  containers: readonly ContainerStatus[];
  /** Of init containers and sidecars; absent = none. */
  initContainers?: readonly ContainerStatus[];
  podIp: string;
  startedAt: number | null;
  /** Static pods mirrored from a kubelet's manifest. */
  mirror: boolean;
  qosClass: string;
}

/** What tells how far a workload's newest revision has come, beside the counts: the fields that `kubectl rollout status` reads, by the API's names. */
export interface RevisionFacts {
  /** The revision's number; 0 where the object has none. */
  revision: number;
  /** Numbers under which a ReplicaSet was a revision before. */
  earlierRevisions: readonly number[];
  /** spec.strategy.type or spec.updateStrategy.type. */
  strategy: string;
  /** null: no spec.updateStrategy.rollingUpdate. */
  partition: number | null;
  statusReplicas: number;
  currentRevision: string;
  updateRevision: string;
  /** pod-template-hash of a ReplicaSet. */
  podHash: string;
}

export type WorkloadKind = "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" | "Rollout";
export interface WorkloadObject extends ObjectBase {
  kind: WorkloadKind;
  /** Wanted; null where the kind has no such number. */
  replicas: number | null;
  readyReplicas: number;
  updatedReplicas: number;
  availableReplicas: number;
  observedGeneration: number;
  generation: number;
  selector: LabelSelector | null;
  templateLabels: Labels;
  template: PodSpec | null;
  images: readonly string[];
  conditions: readonly Condition[];
  paused: boolean;
  /** Of a Rollout alone. */
  rollout?: RolloutFacts;
  /** Absent for what has no revisions. */
  revision?: RevisionFacts;
}

export type RolloutStep =
  | { kind: "setWeight"; weight: number }
  /** null: until somebody promotes. */
  | { kind: "pause"; seconds: number | null }
  | { kind: "analysis"; templates: readonly string[] }
  | { kind: "experiment"; templates: readonly string[] }
  | { kind: "setCanaryScale"; replicas: number | null; weight: number | null; matchesTraffic: boolean }
  | { kind: "other"; name: string };
export interface Pause { reason: string; since: number }
export interface StepRun { name: string; status: string; message: string }

/** As Argo Rollouts writes them; what they mean together is said by lib/deployments/rollouts. */
export interface RolloutFacts {
  strategy: "canary" | "blueGreen" | "none";
  steps: readonly RolloutStep[];
  /** Routers that split the traffic by weight (alb, nginx, istio …); none: by replicas. */
  routed: readonly string[];
  maxTrafficWeight: number;
  maxSurge: string;
  maxUnavailable: string;
  workloadRef: { apiVersion: string; kind: string; name: string } | null;
  backgroundTemplates: readonly string[];
  revision: number;
  phase: string;
  message: string;
  observedGeneration: number;
  aborted: boolean;
  abortedAt: number | null;
  promoteFull: boolean;
  controllerPause: boolean;
  pauses: readonly Pause[];
  /** Pod hash of the version that is wanted, and of the one that is promoted. */
  currentHash: string;
  stableHash: string;
  stepIndex: number | null;
  /** Weight that the router has been told; null without one. */
  routedWeight: number | null;
  stepRun: StepRun | null;
  backgroundRun: StepRun | null;
  experiment: string;
}

/** One revision of a StatefulSet's or DaemonSet's template. */
export interface ControllerRevisionObject extends ObjectBase { kind: "ControllerRevision"; revision: number }

export interface ServiceObject extends ObjectBase { kind: "Service"; type: string; selector: Labels; clusterIp: string; ports: readonly { name: string; port: number; targetPort: string; nodePort: number; protocol: string }[]; annotations: Labels }
export interface EndpointSliceObject extends ObjectBase { kind: "EndpointSlice"; service: string; endpoints: readonly { address: string; ready: boolean; nodeName: string; pod: string }[]; ports: readonly number[] }
/** `pathType` is Exact, Prefix or ImplementationSpecific as the API has it, and Default for what no rule takes. */
export interface IngressRule { host: string; path: string; pathType: string; service: string; port: string }
export interface IngressObject extends ObjectBase { kind: "Ingress"; className: string; annotations: Labels; rules: readonly IngressRule[]; addresses: readonly string[]; tls: boolean }
export interface BudgetObject extends ObjectBase { kind: "PodDisruptionBudget"; selector: LabelSelector | null; minAvailable: string | null; maxUnavailable: string | null; disruptionsAllowed: number; currentHealthy: number; desiredHealthy: number; expectedPods: number; unhealthyPodEvictionPolicy: string }
export interface AutoscalerObject extends ObjectBase { kind: "HorizontalPodAutoscaler"; targetKind: string; targetName: string; minReplicas: number; maxReplicas: number; currentReplicas: number; desiredReplicas: number }
export interface ClaimObject extends ObjectBase { kind: "PersistentVolumeClaim"; storageClass: string; volumeName: string; phase: string; requestBytes: number; accessModes: readonly string[]; selectedNode: string }
export interface VolumeObject extends ObjectBase { kind: "PersistentVolume"; storageClass: string; claim: string; phase: string; capacityBytes: number; accessModes: readonly string[]; nodeAffinity: readonly NodeSelectorTerm[] | null; csiDriver: string; volumeLabels: Labels }
export interface StorageClassObject extends ObjectBase { kind: "StorageClass"; provisioner: string; waitsForConsumer: boolean; isDefault: boolean; allowedTopologies: readonly NodeSelectorTerm[] }
export interface CsiNodeObject extends ObjectBase { kind: "CSINode"; drivers: readonly { name: string; limit: number | null; topologyKeys: readonly string[] }[] }
export interface NamespaceObject extends ObjectBase { kind: "Namespace"; phase: string }
export interface EventObject extends ObjectBase { kind: "Event"; type: string; reason: string; message: string; count: number; firstAt: number; lastAt: number; regarding: { kind: string; namespace: string; name: string; uid: string }; source: string }

export interface ObjectsByKind {
  Node: NodeObject;
  Pod: PodObject;
  Deployment: WorkloadObject;
  StatefulSet: WorkloadObject;
  DaemonSet: WorkloadObject;
  ReplicaSet: WorkloadObject;
  Job: WorkloadObject;
  Rollout: WorkloadObject;
  Service: ServiceObject;
  EndpointSlice: EndpointSliceObject;
  Ingress: IngressObject;
  PodDisruptionBudget: BudgetObject;
  HorizontalPodAutoscaler: AutoscalerObject;
  ControllerRevision: ControllerRevisionObject;
  PersistentVolumeClaim: ClaimObject;
  PersistentVolume: VolumeObject;
  StorageClass: StorageClassObject;
  CSINode: CsiNodeObject;
  Namespace: NamespaceObject;
  Event: EventObject;
}
export type Kind = keyof ObjectsByKind;

/** How well one kind is known: never an error for the others. */
export interface KindState {
  kind: Kind;
  state: "loading" | "live" | "stale" | "forbidden" | "absent" | "failing";
  /** For the person: why, when not live. "" when live. */
  say: string;
  count: number;
  /** When the picture was last known to be true (epoch ms); null before the first list. */
  freshAt: number | null;
}
