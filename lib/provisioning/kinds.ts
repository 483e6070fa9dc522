// The job kinds of provisioning with the adapters that they work with in this process.
import "server-only";
import { openAws, type Aws } from "@/lib/adapters/aws/door";
import { systemClock } from "@/lib/base/clock";
import { env } from "@/lib/base/env";
import { AppError } from "@/lib/base/errors";
import { connectBuilt, forgetBuilt } from "@/lib/clusters/built";
import { findConnection } from "@/lib/clusters/connections";
import { pricesOf } from "@/lib/clusters/prices";
import { jobDatabase } from "@/lib/jobs/database";
import type { JobKind } from "@/lib/jobs/step";
import { keep } from "@/lib/runtime";
import { openDigests, type Digests } from "./add-ons/digests";
import { bootInputOf } from "./boot/from-blueprint";
import { toUserData } from "./boot/user-data";
import { openLedger } from "./ledger";
import { leftOvers, sayLeftOvers } from "./left-over";
import type { Blueprint } from "./model";
import { findBlueprint, storeBlueprint } from "./service/stored";
import { buildKindOver } from "./steps/build";
import { changeKindOver } from "./steps/change";
import type { Inside } from "./steps/inside";
import { renewKindOver, rotateKindOver } from "./steps/renew";
import { teardownKindOver } from "./steps/teardown";
import { sharedLook, type ProvisionTools } from "./steps/tools";

/** One door per region: AWS limits an account, and whoever is slowed has to slow all its steps. */
export function awsOf(region: string): Aws {
  return keep(`provisioning.aws.${region}`, () => openAws({ endpoint: env().AWS_ENDPOINT_URL, region }));
}

function toolsOf(cluster: string, blueprint: Blueprint): ProvisionTools {
  const { region } = blueprint;
  const aws = awsOf(region);
  return {
    aws, cluster, pace: 1, random: Math.random, userData: (machine, place) => toUserData(bootInputOf(blueprint, machine, place)),
    ledger: keep("provisioning.ledger", () => openLedger(jobDatabase())),
    look: keep(`provisioning.look.${region}.${cluster}`, () => sharedLook(aws, cluster)),
    sleep: (ms, signal) => systemClock.sleep(ms, signal),
    connect: (kubeconfig) => connectBuilt(cluster, kubeconfig),
    disconnect: () => forgetBuilt(cluster),
  };
}

const fetchTimeoutMs = 60_000;

async function fetchText(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(fetchTimeoutMs)]) }).catch((thrown: unknown) => {
    throw new AppError("unavailable", `${url} cannot be reached from here. Let the console out to it, or set a mirror in the blueprint.`, thrown);
  });
  if (!response.ok) throw new AppError(response.status >= 500 ? "unavailable" : "not-found", `${url} answers ${response.status}.`);
  return response.text();
}

/** What add-ons come from: the blueprint's own word, else the console's; "" for their publishers. */
const mirrorOf = ({ addOns }: Blueprint): string => addOns.mirror || (env().QUARTERDECK_ADD_ON_MIRROR ?? "");
export const addOnDigests = (): Digests => keep("provisioning.digests", () => openDigests(jobDatabase()));

function insideOf(cluster: string, blueprint: Blueprint): Inside {
  return { client: () => findConnection(cluster)?.handle.client ?? null, handle: () => findConnection(cluster)?.handle ?? null, fetch: fetchText, mirror: mirrorOf(blueprint), digests: addOnDigests() };
}

/** What is there of a cluster and what it costs. */
export async function statementOf(aws: Aws, cluster: string): Promise<string> {
  return sayLeftOvers(await leftOvers({ aws, cluster }), pricesOf(aws.region));
}

interface Of { cluster: string; blueprint: Blueprint }

export function provisioningKinds(): JobKind[] {
  const tools = ({ cluster, blueprint }: Of) => toolsOf(cluster, blueprint);
  const inside = ({ cluster, blueprint }: Of) => insideOf(cluster, blueprint);
  const statement = ({ cluster, blueprint }: Of) => statementOf(awsOf(blueprint.region), cluster);
  return [
    buildKindOver({ boots: true, tools, inside, statement }), changeKindOver({ tools, inside, statement, books: { stored: findBlueprint, store: storeBlueprint } }),
    renewKindOver({ tools, inside }), rotateKindOver({ tools, inside }), teardownKindOver({ tools, inside, statement }),
  ];
}
