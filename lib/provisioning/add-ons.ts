// The add-ons that a blueprint may choose: what each is for, where its pods belong, and what it makes others wait for.
import type { Tier } from "../placement/model";
import type { AddOnName } from "./model";

export interface AddOn {
  name: AddOnName;
  title: string;
  say: string;
  group: "storage" | "metrics" | "ingress" | "delivery" | "data";
  /** Where its pods belong; null for controllers that any worker may carry. */
  tier: Tier | null;
  /** Volumes that it claims, in GiB. */
  volumesGib: readonly number[];
  /** The container with the largest memory limit, for the question whether the machine holds it. */
  memoryLimitMib: number | null;
  /** CPU that its largest pod asks for. */
  cpuRequestMillis: number | null;
}

type Sketch = Pick<AddOn, "name" | "group" | "title" | "say"> & Partial<AddOn>;
const addOn = (sketch: Sketch): AddOn => ({ tier: null, volumesGib: [], memoryLimitMib: null, cpuRequestMillis: null, ...sketch });

/** Sizes are what the reference system asks for. */
export const addOns: readonly AddOn[] = [
  addOn({ name: "aws-ebs-csi-driver", group: "storage", title: "EBS CSI driver", say: "makes volumes for claims; the default class is gp3, encrypted" }),
  addOn({ name: "metrics-server", group: "metrics", title: "metrics-server", say: "usage for kubectl top and autoscalers; in the reference system it never became ready" }),
  addOn({ name: "cert-manager", group: "ingress", title: "cert-manager", say: "certificates inside the cluster; no issuer is set up" }),
  addOn({ name: "aws-load-balancer-controller", group: "ingress", title: "AWS Load Balancer Controller", say: "an ALB for Ingresses, with instance targets: pods of an overlay cannot be reached from outside" }),
  addOn({ name: "argo-cd", group: "delivery", title: "Argo CD", say: "delivery from Git; it also installs the applications below" }),
  addOn({ name: "argo-rollouts", group: "delivery", title: "Argo Rollouts", say: "canaries and blue-green" }),
  addOn({ name: "kube-prometheus-stack", group: "metrics", title: "Prometheus and Grafana", say: "retention 7 days, 50 GiB", tier: 1, volumesGib: [50], memoryLimitMib: 4096, cpuRequestMillis: 500 }),
  addOn({ name: "rabbitmq", group: "data", title: "RabbitMQ", say: "one replica, 10 GiB", tier: 4, volumesGib: [10], memoryLimitMib: 2048, cpuRequestMillis: 500 }),
  addOn({ name: "postgresql", group: "data", title: "PostgreSQL", say: "one replica, 50 GiB, no backup of its own", tier: 4, volumesGib: [50], memoryLimitMib: 2048, cpuRequestMillis: 500 }),
  addOn({ name: "redis", group: "data", title: "Redis", say: "one replica, in memory: a restart loses what it holds", tier: 4, memoryLimitMib: 2048, cpuRequestMillis: 200 }),
];

export function addOnOf(name: AddOnName): AddOn {
  const found = addOns.find((each) => each.name === name);
  if (!found) throw new RangeError(`no add-on is named ${name}`);
  return found;
}
