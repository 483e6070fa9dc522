// A pod: everything about it, and its removal.
import "server-only";
import { z } from "zod";
import { feed, verb } from "@/lib/access/verb";
import { connectionFor } from "@/lib/clusters/connections";
import { maskSecrets } from "../mask";
import { clusterSlug } from "../steps/drain-tools";
import { claimsOf, eventsAbout, ownersOf } from "./about";

const dnsName = (max: number) => z.string().max(max).regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, "not a name");
export const podInput = z.object({ cluster: clusterSlug, namespace: dnsName(63), pod: dnsName(253) });

export const podDetails = feed({
  name: "pod.get",
  permission: "cluster.read",
  input: podInput,
  run: async (_ctx, { cluster, namespace, pod: name }) => {
    const handle = connectionFor(cluster);
    const object = await handle.client.read("Pod", { namespace, name });
    const pod = handle.store("Pod").get(`${namespace}/${name}`);
    return {
      object: maskSecrets(object),
      events: eventsAbout(handle, { kind: "Pod", namespace, name, ...(pod ? { uid: pod.uid } : {}) }),
      owners: pod ? ownersOf(handle, pod) : [],
      /** Of all containers together; 0: none is set. */
      limits: { cpuMillis: pod?.spec.limits.cpuMillis ?? 0, memoryBytes: pod?.spec.limits.memoryBytes ?? 0 },
      claims: pod ? claimsOf(handle, pod) : [],
    };
  },
});

export const deletePod = verb({
  name: "pod.delete",
  permission: "pod.delete",
  input: podInput.extend({ uid: z.string().min(1).max(64) }),
  target: ({ cluster, namespace, pod }) => ({ cluster, kind: "pod", name: `${namespace}/${pod}` }),
  run: async (_ctx, { cluster, namespace, pod, uid }) => {
    await connectionFor(cluster).client.deletePod({ namespace, name: pod, uid });
    return { deleted: `${namespace}/${pod}` };
  },
});
