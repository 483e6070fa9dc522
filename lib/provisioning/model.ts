// The nouns of provisioning: the blueprint of a cluster, what a plan pins, and what the jobs that build and tear down are given.
import { z } from "zod";
import { clusterSlug } from "@/lib/clusters/model";
import { tiers } from "@/lib/placement/model";
import { cidrText } from "../base/cidr";

export const addOnNames = [
  "aws-ebs-csi-driver", "metrics-server", "aws-load-balancer-controller", "cert-manager", "argo-cd",
  "kube-prometheus-stack", "argo-rollouts", "rabbitmq", "postgresql", "redis",
] as const;
export type AddOnName = (typeof addOnNames)[number];

/** Names of machines are names of nodes and of hosts: DNS labels. */
const machineName = z.string().regex(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/, "begin with a letter; lower-case letters, digits and hyphens, at most 40");
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "name a region as AWS does, such as ap-northeast-2");
const zone = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, "name a zone as AWS does, such as ap-northeast-2a");
/** Also what a boot script may carry unquoted by accident: nothing here can end a word or start a command. */
const labelKey = z.string().regex(/^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/, "write a label's key as Kubernetes does: an optional DNS prefix with /, then at most 63 letters, digits, - _ .");
const labelValue = z.string().regex(/^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/, "at most 63 letters, digits, - _ . beginning and ending with a letter or digit");

export const taint = z.strictObject({
  key: labelKey,
  value: labelValue.default(""),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
});
export type Taint = z.infer<typeof taint>;

export const pool = z.strictObject({
  name: machineName,
  role: z.enum(["control-plane", "worker"]).default("worker"),
  count: z.int().min(1, "at least 1 machine").max(50, "at most 50 machines"),
  instanceType: z.string().regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, "name an instance type as AWS does, such as t3.medium"),
  rootVolumeGib: z.int().min(20, "at least 20 GiB: images and logs need it").max(16_384, "at most 16384 GiB, the largest gp3 volume"),
  /** A zone, or "spread": one machine after another over the zones of the subnets. */
  zone: z.union([z.literal("spread"), zone]).default("spread"),
  /** What happens when a zone has no machine of this type left. */
  zoneFull: z.enum(["wait", "next-zone"]).default("next-zone"),
  spot: z.boolean().default(false),
  labels: z.record(labelKey, labelValue).default({}),
  taints: z.array(taint).max(20).default([]),
  /** Numbers of machines that were taken out: a new one never takes the name of one that is gone. */
  retired: z.array(z.int().min(1).max(9_999)).max(1_000).optional(),
});
export type Pool = z.infer<typeof pool>;

export const tierOfMachines = z.strictObject({
  tier: z.union(tiers.map((tier) => z.literal(tier))),
  pools: z.array(pool).max(20),
});

export const subnet = z.strictObject({ zone, cidr: cidrText });

export const blueprint = z.strictObject({
  version: z.literal(1),
  name: clusterSlug.max(40, "at most 40 characters: names of AWS resources are made of it"),
  region,
  kubernetesVersion: z.string().regex(/^1\.\d{2}\.\d{1,2}$/, "write the whole version, such as 1.36.3"),
  tiers: z.array(tierOfMachines).min(1, "at least one tier").max(4),
  network: z.strictObject({
    vpcCidr: cidrText,
    subnets: z.array(subnet).min(1, "at least one subnet").max(6),
    podCidr: cidrText,
    serviceCidr: cidrText,
  }),
  cni: z.strictObject({ name: z.literal("calico"), encapsulation: z.literal("vxlan") }),
  access: z.strictObject({
    /** Who may reach the API server, port 6443, and SSH where it is open. */
    adminCidrs: z.array(cidrText).min(1, "at least one address may reach the API server: the console's own").max(20),
    ssh: z.boolean(),
    /** The explicit yes without which 0.0.0.0/0 is refused for 22 and 6443. */
    openToWorld: z.boolean(),
    /** An OpenSSH public key; "" for none. */
    publicKey: z.string().max(4000).regex(/^$|^(ssh-ed25519|ssh-rsa) [A-Za-z0-9+/]+=*( [\w.@-]*)?$/, "paste an OpenSSH public key of type ssh-ed25519 or ssh-rsa, or leave it empty"),
  }),
  addOns: z.strictObject({
    chosen: z.array(z.enum(addOnNames)).max(addOnNames.length),
    /** Where manifests come from instead of their publishers; "" for the publishers. */
    mirror: z.union([z.literal(""), z.url({ protocol: /^https?$/ })]),
  }),
  ingress: z.strictObject({
    domain: z.string().regex(/^$|^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, "write a domain such as example.org, or leave it empty"),
    certificateArn: z.string().regex(/^$|^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]{36}$/, "paste the ARN of a certificate in ACM, or leave it empty"),
  }),
  tags: z.record(z.string().min(1).max(128).regex(/^(?!aws:)[\w .:/=+@-]+$/, "letters, digits, spaces and . : / = + - @ _, not beginning with aws:"), z.string().max(256).regex(/^[\w .:/=+@-]*$/, "letters, digits, spaces and . : / = + - @ _")),
});
export type Blueprint = z.infer<typeof blueprint>;
export type BlueprintInput = z.input<typeof blueprint>;

/** What a plan settles once, so that a retry tomorrow makes the same machines: never "the latest" at a later time. */
export const pins = z.object({
  account: z.string().regex(/^\d{12}$/),
  partition: z.string().default("aws"),
  imageId: z.string(),
  imageName: z.string(),
  rootDevice: z.string(),
});
export type Pins = z.infer<typeof pins>;

export const planActs = ["create", "update", "replace", "delete", "keep"] as const;
export type PlanAct = (typeof planActs)[number];

/** What a step of a job is to do with one resource of the graph. */
export const plannedAct = z.object({ id: z.string(), act: z.enum(planActs) });

/** The input of the job kind `cluster.build`: all that its steps need is in it, so that they are the same after every restart. */
export const buildInput = z.object({ cluster: clusterSlug, digest: z.string(), blueprint, pins, acts: z.array(plannedAct) });
export type BuildInput = z.infer<typeof buildInput>;

/** What may be lost when a machine's pods are moved off it. */
export const consent = z.object({ emptyDir: z.boolean().default(false), bare: z.boolean().default(false) }).default({ emptyDir: false, bare: false });

/** A change of a living cluster, as a person asks for it. */
export const change = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("add-node"), pool: machineName }),
  z.strictObject({ kind: z.literal("remove-node"), node: z.string().max(63) }),
  z.strictObject({ kind: z.literal("replace-node"), node: z.string().max(63) }),
  z.strictObject({ kind: z.literal("pool-settings"), pool: machineName, labels: z.record(labelKey, labelValue), taints: z.array(taint).max(20) }),
]);
export type Change = z.infer<typeof change>;

/** The input of the job kind `cluster.change`: the acts of one change, and the blueprint as it is to be afterwards, written over revision `over`. */
export const changeInput = buildInput.extend({ title: z.string(), over: z.int().min(1), by: z.string(), consent });
export type ChangeInput = z.infer<typeof changeInput>;

/** The input of the job kinds `cluster.rotate-join` and `cluster.renew-certificates`. */
export const upkeepInput = z.object({ cluster: clusterSlug, blueprint, pins });
export type UpkeepInput = z.infer<typeof upkeepInput>;

/** The input of the job kind `cluster.teardown`. `volumes`: what becomes of the volumes that hold PVCs' data. */
export const teardownInput = z.object({ cluster: clusterSlug, digest: z.string(), blueprint, pins, acts: z.array(plannedAct), volumes: z.enum(["keep", "delete"]) });
export type TeardownInput = z.infer<typeof teardownInput>;

/** INTENT stands before the call that creates; CREATED with the id in the statement that ends the call. */
export const ledgerStates = ["INTENT", "CREATED", "READY", "DRIFTED", "DELETING", "DELETED", "ORPHAN_SUSPECT"] as const;
export type LedgerState = (typeof ledgerStates)[number];

const mayFollowInLedger: Record<LedgerState, readonly LedgerState[]> = {
  INTENT: ["CREATED", "ORPHAN_SUSPECT", "DELETED"],
  CREATED: ["READY", "DRIFTED", "DELETING", "DELETED"],
  READY: ["DRIFTED", "DELETING", "DELETED"],
  DRIFTED: ["READY", "DELETING", "DELETED"],
  DELETING: ["DELETED", "DRIFTED"],
  DELETED: [],
  ORPHAN_SUSPECT: ["CREATED", "DELETING", "DELETED"],
};

export function mayFollow(from: LedgerState, to: LedgerState): boolean {
  return mayFollowInLedger[from].includes(to);
}

/** One thing that we made, mean to make or have made away with. */
export interface LedgerEntry {
  /** Also the tag `quarterdeck.dev/intent` of the thing, so that a create whose answer was lost can be found. */
  intent: string;
  cluster: string;
  resource: string;
  kind: string;
  awsId: string | null;
  state: LedgerState;
  job: string;
  fence: bigint;
  /** The fields that were asked for in the call. */
  fields: unknown;
  intentAt: Date;
  createdAt: Date | null;
}
