// All checks of the way of requests and of the network beneath it, the gravest first.
import type { Look } from "./hops";
import * as backends from "./lints/backends";
import * as entrance from "./lints/entrance";
import type { Linted, Lint } from "./lints/lint";
import * as network from "./lints/network";
import { severities, type Balancer, type RouteFinding, type RoutesAnswer } from "./model";
import { balancersOf } from "./view";

const lints: readonly Lint[] = [
  backends.clusterIpBehindInstance, backends.ipTargetsOnOverlay, backends.noService, backends.nothingBehind, backends.missingHealthPath, backends.oneTarget, backends.nodePortClash, backends.nodePortClosed,
  entrance.shadowedPaths, entrance.plainHttp, entrance.certificates, entrance.hostMismatch, entrance.classMissing, entrance.unreadable,
  network.calicoMode, network.calicoRanges, network.calicoMtu, network.vxlanClosed,
];

export function lintRoutes(look: Look, balancers: readonly Balancer[], now: number): RouteFinding[] {
  const linted: Linted = { ...look, balancers, now };
  return lints.flatMap((lint) => lint(linted)).toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || (a.id < b.id ? -1 : 1));
}

/** Everything that the screen shows, of one moment. */
export function routesOf(look: Look, now: number): RoutesAnswer {
  const balancers = balancersOf(look);
  const findings = lintRoutes(look, balancers, now);
  const { amazon, cluster } = look.world;
  const source = (name: string, one: { known: boolean; failing?: boolean; say?: string }): RoutesAnswer["sources"][number] => ({ name, state: one.known ? "known" : one.failing ? "failing" : "absent", say: one.known ? "" : (one.say ?? "") });
  return { at: now, balancers, findings, sources: [source("AWS", amazon), source("Ingress classes", cluster.classes), source("Calico", cluster.calico)], network: networkOf({ ...look, balancers, now }, findings) };
}
const networkOf = (linted: Linted, findings: readonly RouteFinding[]): RoutesAnswer["network"] => network.networkFacts(linted, findings);
