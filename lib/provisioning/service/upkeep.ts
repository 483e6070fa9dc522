// Keeping a living cluster's secrets fresh: when its certificates run out, their renewal, new join material, and a kubeconfig for an administrator.
import "server-only";
import { z } from "zod";
import { feed, verb } from "@/lib/access/verb";
import type { IssuedKubeconfig } from "@/lib/adapters/kubernetes/client";
import { AppError } from "@/lib/base/errors";
import { findConnection } from "@/lib/clusters/connections";
import { clusterSlug } from "@/lib/clusters/model";
import { expiryConfigMap, toDiskCertificates } from "../boot/certificates";
import { certificateRows } from "../certificates";
import { administrators } from "../steps/renew";
import { awsFor } from "./account";
import { start } from "./build";
import { loadBlueprint } from "./stored";
import { livingEntries } from "./world";

const named = z.object({ cluster: clusterSlug });
const target = ({ cluster }: { cluster: string }) => ({ kind: "cluster", name: cluster, cluster });

function clientOf(cluster: string) {
  const found = findConnection(cluster);
  if (!found) throw new AppError("conflict", `The console is not connected to ${cluster}. Certificates are made when it is built, and can be looked at when it is connected.`);
  return found.handle.client;
}

export const listCertificates = feed({
  name: "provisioning.certificates",
  permission: "provisioning.read",
  input: named,
  run: async (_ctx, { cluster }) => {
    const client = clientOf(cluster);
    const [seen, told] = await Promise.all([client.certificates(), client.find(expiryConfigMap)]);
    return { at: Date.now(), certificates: certificateRows(seen, toDiskCertificates(told)) };
  },
});

async function upkeepOf(cluster: string, signal: AbortSignal) {
  const [{ blueprint }, living] = await Promise.all([loadBlueprint(cluster), livingEntries(cluster)]);
  if (!living.some(({ resource, state }) => resource === "control-plane/main" && state === "READY")) throw new AppError("conflict", `${cluster} is not built, or its build has not connected it yet.`);
  const { account, arn } = await awsFor(blueprint.region).identity(signal);
  return { cluster, blueprint, pins: { account, partition: arn.split(":")[1] ?? "aws", imageId: "", imageName: "", rootDevice: "/dev/sda1" } };
}

export const startRenewal = verb({
  name: "cluster.renew-certificates",
  permission: "provisioning.build",
  input: named,
  target,
  run: async (ctx, { cluster }) => ({ job: await start("cluster.renew-certificates", await upkeepOf(cluster, ctx.signal), ctx.actor.name) }),
});

export const startRotation = verb({
  name: "cluster.rotate-join",
  permission: "provisioning.build",
  input: named,
  target,
  run: async (ctx, { cluster }) => ({ job: await start("cluster.rotate-join", await upkeepOf(cluster, ctx.signal), ctx.actor.name) }),
});

/** What X.509 gives a common name. */
const mostNameLetters = 64;
const hours = [1, 8, 24, 168] as const;

/** A certificate cannot be called back: it is good for as long as it says, and so it is short. The record says for whom, and until when. */
export const downloadKubeconfig = verb({
  name: "cluster.kubeconfig",
  permission: "cluster.kubeconfig",
  input: named.extend({ hours: z.union(hours.map((one) => z.literal(one))) }),
  target,
  made: ({ cluster }, { until }: IssuedKubeconfig) => ({ kind: "cluster", name: `${cluster} until ${new Date(until).toISOString()}`, cluster }),
  run: async (ctx, { cluster, hours: wanted }) => clientOf(cluster).issueKubeconfig({ cluster, user: `quarterdeck:${ctx.actor.name}`.slice(0, mostNameLetters), group: administrators, seconds: wanted * 3_600 }),
});
