// What the API server knows and nobody watches: classes of Ingresses, Calico's settings, the range of Services.
import "server-only";
import type { ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import { AppError } from "@/lib/base/errors";
import { calicoSettings, ingressClasses, rangesOfApiServer, serviceRanges } from "../wire";
import { told, untold, type CalicoSettings, type ClusterWorld, type IngressClass, type Told } from "../world";

type Client = ClusterHandle["client"];

async function listed(client: Client, apiVersion: string, kind: string): Promise<Told<readonly unknown[]>> {
  try {
    return told(await client.list({ apiVersion, kind }));
  } catch (thrown) {
    return untold(thrown instanceof AppError ? thrown.say : `Objects of the kind ${kind} could not be listed.`, true);
  }
}

export async function lookAtCluster(handle: ClusterHandle): Promise<ClusterWorld> {
  const { client } = handle;
  const [classes, calico, ranges] = await Promise.all([listed(client, "networking.k8s.io/v1", "IngressClass"), calicoOf(handle), rangesOf(handle)]);
  return { classes: classes.known ? told<readonly IngressClass[]>(ingressClasses(classes.value)) : classes, calico, serviceRanges: ranges };
}

const calicoGroup = "crd.projectcalico.org/v1";

async function calicoOf(handle: ClusterHandle): Promise<Told<CalicoSettings>> {
  const { client } = handle;
  const [pools, felix, bgp] = await Promise.all(["IPPool", "FelixConfiguration", "BGPConfiguration"].map((kind) => listed(client, calicoGroup, kind)));
  if (!pools?.known) return pools ?? untold("Calico was not asked for.");
  if (pools.value.length === 0) return untold("The cluster has no Calico: it has no IPPool.");
  const node = [...handle.store("DaemonSet").values()].find(({ name }) => name === "calico-node");
  const raw = node ? await client.read("DaemonSet", node).catch(() => null) : null;
  const installers = [...handle.store("DaemonSet").values(), ...handle.store("Deployment").values()].flatMap((one) => (one.name === "calico-node" ? [`${one.namespace}/calico-node`] : one.name === "tigera-operator" ? [`${one.namespace}/tigera-operator`] : []));
  const owners = installers.some((one) => one === "kube-system/calico-node") ? installers : installers.filter((one) => one.endsWith("/calico-node"));
  return told(calicoSettings({ pools: pools.value, felix: felix?.known ? felix.value : [], bgp: bgp?.known ? bgp.value : [], daemonSet: raw, installers: owners }));
}

/** Newer servers have them as objects; of older ones the API server's own command tells. */
async function rangesOf(handle: ClusterHandle): Promise<Told<readonly string[]>> {
  const found = await listed(handle.client, "networking.k8s.io/v1", "ServiceCIDR");
  if (found.known && found.value.length > 0) return told(serviceRanges(found.value));
  const server = [...handle.store("Pod").by("namespace", "kube-system")].find(({ name }) => name.startsWith("kube-apiserver-"));
  const raw = server ? await handle.client.read("Pod", server).catch(() => null) : null;
  const ranges = rangesOfApiServer(raw);
  return ranges.length > 0 ? told(ranges) : untold("Neither ServiceCIDR objects nor the API server's command tell the range of Services.");
}
