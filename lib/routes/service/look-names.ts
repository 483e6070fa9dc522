// What DNS and the balancers' own handshakes say of the names that lead into a cluster.
import "server-only";
import { shownCertificate } from "@/lib/adapters/internet/certificate";
import { openNames } from "@/lib/adapters/internet/names";
import { env } from "@/lib/base/env";
import { AppError } from "@/lib/base/errors";
import { keep } from "@/lib/runtime";
import type { Balancer, Certificate } from "../model";
import { told, untold, type AmazonWorld, type NameAnswer, type Told } from "../world";

const maxNames = 60;
const because = (thrown: unknown): Told<never> => untold(thrown instanceof AppError ? thrown.say : "It could not be asked.", true);

/** A world whose names nobody outside knows is not looked for outside. */
const nobody = untold("Names are not looked up: QUARTERDECK_DNS_SERVERS is none.");
const asksNobody = (): boolean => env().QUARTERDECK_DNS_SERVERS === "none";

export async function lookUpNames(names: readonly string[]): Promise<Map<string, Told<NameAnswer>>> {
  if (asksNobody()) return new Map(names.map((name) => [name.toLowerCase(), nobody]));
  const resolver = keep("routes.names", () => openNames(env().QUARTERDECK_DNS_SERVERS ?? ""));
  const wanted = [...new Set(names.map((name) => name.toLowerCase()).filter((name) => name !== "" && !name.includes("*")))].slice(0, maxNames);
  return new Map(await Promise.all(wanted.map(async (name) => [name, await resolver.resolve(name).then(told<NameAnswer>, because)] as const)));
}

/** Only of balancers that AWS itself says are ours: an address in an Ingress is anybody's text. */
export async function readCertificates(balancers: readonly Balancer[], amazon: Told<AmazonWorld>): Promise<Map<string, Told<Certificate>>> {
  if (!amazon.known) return new Map();
  const asked = balancers.flatMap(({ address, names }) => amazon.value.balancers.filter(({ dnsName }) => dnsName.toLowerCase() === address.toLowerCase()).flatMap(({ listeners }) => listeners.filter(({ protocol }) => protocol === "HTTPS").map(({ port }) => ({ address, port, name: names[0]?.host ?? address }))));
  if (asksNobody()) return new Map(asked.map(({ address, port }) => [`${address}:${port}`, nobody]));
  return new Map(await Promise.all(asked.map(async (one) => [`${one.address}:${one.port}`, await shownCertificate(one).then(({ names, endsAt }) => told<Certificate>({ names: [...names], endsAt }), because)] as const)));
}
