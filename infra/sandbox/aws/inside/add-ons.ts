// Acts for AWS inside a cluster that was built: as the EBS CSI driver and the AWS Load Balancer Controller, while their pods are Ready there and as their settings say.
import type { ApiClient } from "../../control-plane/api-client.ts";
import { at, listAt, numberAt, textAt, type Json } from "../../json.ts";
import { startVolumes } from "../../workloads/volumes.ts";
import { instanceIdOf, openDoor, type Account, type Door } from "./door.ts";
import { startIngresses } from "./ingresses.ts";
import { registerDrivers } from "./register-drivers.ts";

interface Controller {
  deployment: string;
  /** The argument that names the cluster, by which it tags what it makes. */
  clusterArgument: string;
  /** Without that argument it does not start. */
  required: boolean;
  start(api: ApiClient, door: () => Door): { stop(): void };
}

/** Sources: `cmd/options` of aws-ebs-csi-driver (k8s-tag-cluster-id), "Controller command line flags" of the AWS Load Balancer Controller (cluster-name). */
const controllers: readonly Controller[] = [
  { deployment: "ebs-csi-controller", clusterArgument: "--k8s-tag-cluster-id", required: false, start: startDriver },
  { deployment: "aws-load-balancer-controller", clusterArgument: "--cluster-name", required: true, start: startIngresses },
];

function startDriver(api: ApiClient, door: () => Door): { stop(): void } {
  const parts = [startVolumes(api, door), registerDrivers(api)];
  return { stop: () => parts.forEach((part) => part.stop()) };
}

const lookMs = 1_000;
const namespace = "/api/v1/namespaces/kube-system";

/** `doorOf` is asked at every call: the pod may have moved to another machine meanwhile. */
interface Acting { part: { stop(): void }; door: Door }

function argumentOf(deployment: Json, name: string): string {
  const all = listAt(deployment, "spec", "template", "spec", "containers").flatMap((container) => listAt(container, "args")).filter((one) => typeof one === "string");
  return all.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
}

async function podOf(api: ApiClient, deployment: Json): Promise<Json | undefined> {
  const labels = Object.entries(Object(at(deployment, "spec", "selector", "matchLabels"))).map(([key, value]) => `${key}=${String(value)}`).join(",");
  const pods = listAt(await api.get(`${namespace}/pods?labelSelector=${encodeURIComponent(labels)}`), "items");
  return pods.find((pod) => listAt(pod, "status", "conditions").some((one) => textAt(one, "type") === "Ready" && textAt(one, "status") === "True"));
}

/** The way to AWS that the controller's pod has; a sentence when it has none. */
async function doorOf({ api, account }: Inside, { deployment: name, clusterArgument, required }: Controller, deployment: Json): Promise<Door | string> {
  const pod = await podOf(api, deployment);
  if (pod === undefined) return "";
  // Source: "Use IMDSv2", EC2 User Guide: with a hop limit of 1 a container has no answer unless it shares the machine's network.
  if (at(pod, "spec", "hostNetwork") !== true) return `${name}: no EC2 IMDS role found, operation error ec2imds: GetMetadata, context deadline exceeded`;
  const cluster = argumentOf(deployment, clusterArgument);
  if (required && cluster === "") return `${name}: invalid cluster name: "" (missing the flag ${clusterArgument})`;
  const node = await api.get(`/api/v1/nodes/${textAt(pod, "spec", "nodeName")}`);
  return openDoor(account, cluster, instanceIdOf(node));
}

export interface Inside { api: ApiClient; account: Account; say: (what: string) => void }

async function look(inside: Inside, controller: Controller, acting: Map<string, Acting>): Promise<void> {
  const name = controller.deployment;
  const answer = await inside.api.call({ method: "GET", path: `/apis/apps/v1/namespaces/kube-system/deployments/${name}` });
  const door = answer.status === 200 && numberAt(answer.body, "status", "readyReplicas") > 0 ? await doorOf(inside, controller, answer.body) : "";
  const now = acting.get(name);
  if (typeof door === "string") {
    if (door !== "") inside.say(door);
    now?.part.stop();
    acting.delete(name);
  } else if (now !== undefined) now.door = door;
  else {
    const made: Acting = { door, part: { stop: () => undefined } };
    made.part = controller.start(inside.api, () => made.door);
    acting.set(name, made);
  }
}

export function actForAws(inside: Inside): { stop(): void } {
  const acting = new Map<string, Acting>();
  const ending = new AbortController();
  const keepLooking = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      // While the API server is away nothing is known, and what acts goes on trying.
      for (const controller of controllers) await look(inside, controller, acting).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, lookMs).unref());
    }
    for (const { part } of acting.values()) part.stop();
  };
  void keepLooking();
  return {
    stop() {
      ending.abort();
      for (const { part } of acting.values()) part.stop();
    },
  };
}
