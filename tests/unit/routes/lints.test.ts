// Each check of the routes and of the network speaks when its cause is there, and is silent when it is mended.
import { describe, expect, it } from "vitest";
import { told, type World } from "@/lib/routes/world";
import type { Kind, ObjectsByKind } from "@/lib/adapters/kubernetes/objects";
import { calicoSettings, ingressClasses, rangesOfApiServer, serviceRanges } from "@/lib/routes/wire";
import { spec, workload } from "../placement/made";
import { address, amazon, calico, ingress, look, machines, now, opening, openings, rule, service, world } from "./made";

const day = 86_400_000;
const services: [string, number][] = [["auth/auth-api", 31441], ["users/users-api", 32044]];
const auth = service("auth/auth-api", 31441);
const users = service("users/users-api", 32044);
const authIngress = ingress("auth/auth", [rule("/auth", "auth-api")]);
const usersIngress = ingress("users/users", [rule("/users", "users-api")], { "group.order": "11" });
const sound: ObjectsByKind[Kind][] = [...machines, ...auth, ...users, authIngress, usersIngress];
const certain = (endsAt: number, names = ["growbin.app", "*.growbin.app"]) => new Map([[`${address}:443`, told({ names, endsAt })]]);
const well = (over: Partial<World> = {}, cluster: Partial<World["cluster"]> = {}) => world({ amazon: told(amazon(services)), certificates: certain(now + 200 * day), ...over }, cluster);
const checks = (objects: readonly ObjectsByKind[Kind][], around: World = well()) => look(objects, around).findings.map(({ check }) => check);
const settings = (over: Parameters<typeof calico>[0]) => well({}, { calico: told(calico(over)) });
const pool = (over: object) => [{ name: "p", cidr: "192.168.0.0/16", vxlanMode: "Always", ipipMode: "Never", disabled: false, ...over }];

it("nothing is said of a sound way", () => {
  expect(look(sound, well()).findings).toEqual([]);
  expect(look(sound, well()).network.map(({ name, state }) => `${name}: ${state}`)).toEqual(["Mode: well", "BGP between nodes: well", "Readiness of calico-node: well", "Pod range: well", "Service range: well", "MTU: well", "UDP 4789 between nodes: well"]);
});

describe("a check of the routes speaks of", () => {
  const without = (...gone: ObjectsByKind[Kind][]) => sound.filter((one) => !gone.includes(one));
  const amazonOver = (over: object) => well({ amazon: told(amazon(services, over)) });
  const clashing = workload("DaemonSet", "proxy", { namespace: "kube-system", template: spec({ hostPorts: [{ port: 31441, protocol: "TCP", hostIp: "" }] }) });

  it.each<[string, string, ObjectsByKind[Kind][], World?]>([
    ["F-29: a ClusterIP behind target-type instance", "cluster-ip", [...without(...auth), ...service("auth/auth-api", 0, { type: "ClusterIP" })]],
    ["F-30: pod addresses as targets over an overlay", "ip-overlay", [...without(authIngress), ingress("auth/auth", [rule("/auth", "auth-api")], { "target-type": "ip" })]],
    ["F-34: a Service that is not in the namespace", "no-service", [...without(authIngress), ingress("auth/auth", [rule("/auth", "users-api")])]],
    ["no ready pod behind a Service", "no-endpoints", [...without(...auth), ...service("auth/auth-api", 31441, { ready: 0 })]],
    ["a missing health-check path", "health-path", [...without(authIngress), ingress("auth/auth", [rule("/auth", "auth-api")], { "healthcheck-path": null })]],
    ["one pod alone", "one-target", [...without(...auth), ...service("auth/auth-api", 31441, { pods: 1 })]],
    ["a NodePort that a pod binds on its machine", "node-port", [...sound, clashing]],
    ["a NodePort that the security group does not open", "port-closed", sound, amazonOver({ openings: openings.slice(1) })],
    ["a NodePort beyond the range that is open", "port-closed", sound, amazonOver({ openings: [opening({ toPort: 32_000 }), ...openings.slice(1)] })],
    ["a path that is hidden by a wider one before it", "shadowed", [...without(usersIngress), ingress("users/users", [rule("/auth/users", "users-api")], { "group.order": "11" })]],
    ["two Ingresses with one path", "overlap", [...without(usersIngress), ingress("users/users", [rule("/auth", "users-api")], { "group.order": "11" })]],
    ["plain HTTP without a redirect", "plain-http", [...without(authIngress, usersIngress), ...[authIngress, usersIngress].map((one) => ingress(`${one.namespace}/${one.name}`, one.rules, { "ssl-redirect": null, "group.order": one.name === "auth" ? "10" : "11" }))], amazonOver({ balancers: amazon(services).balancers.map((one) => ({ ...one, listeners: one.listeners.map((each) => ({ ...each, redirectsTo: "" })) })) })],
    ["a certificate near its end", "certificate", sound, well({ certificates: certain(now + 20 * day) })],
    ["a host that the certificate does not have", "host-mismatch", sound, well({ certificates: certain(now + 200 * day, ["*.growbin.app"]) })],
    ["a class that does not exist", "class", [...without(authIngress), ingress("auth/auth", [rule("/auth", "auth-api")], {}, { className: "nginx" })]],
    ["no class, and none that is the default", "class", [...without(authIngress), ingress("auth/auth", [rule("/auth", "auth-api")], {}, { className: "" })], well({}, { classes: told([{ name: "alb", controller: "ingress.k8s.aws/alb", isDefault: false }]) })],
    ["listen-ports that are no JSON", "listen-ports", [...without(authIngress), ingress("auth/auth", [rule("/auth", "auth-api")], { "listen-ports": "80,443" })]],
  ])("%s", (_what, check, objects, around) => {
    expect([...new Set(checks(objects, around))]).toEqual([check]);
  });

  it("a certificate the more gravely the nearer its end is", () => {
    const severity = (days: number) => look(sound, well({ certificates: certain(now + days * day) })).findings[0]?.severity;
    expect([severity(31), severity(20), severity(3), severity(-1)]).toEqual([undefined, "warning", "critical", "critical"]);
  });
});

describe("a check of the network speaks of", () => {
  it.each<[string, string, World]>([
    ["pools without VXLAN", "calico-mode", settings({ pools: pool({ vxlanMode: "Never", ipipMode: "Always" }) })],
    ["Felix with VXLAN off", "calico-mode", settings({ felix: { vxlanEnabled: false, vxlanMtu: 0, vxlanPort: 4789 } })],
    ["BGP that is on, said or by default", "calico-bgp", settings({ meshEnabled: null })],
    ["F-24: BIRD in the readiness", "calico-bird", settings({ readiness: ["/bin/calico-node", "-felix-ready", "-bird-ready"] })],
    ["F-60: two installations", "calico-twice", settings({ installers: ["kube-system/calico-node", "tigera-operator/tigera-operator"] })],
    ["a pod range inside the VPC's", "calico-range", settings({ pools: pool({ cidr: "10.0.128.0/17" }) })],
    ["a pod range over the Services'", "calico-range", settings({ pools: pool({ cidr: "10.100.0.0/16" }) })],
    ["packets that do not fit", "calico-mtu", settings({ felix: { vxlanEnabled: true, vxlanMtu: 9001, vxlanPort: 4789 } })],
    ["F-25: UDP 4789 closed between machines", "vxlan-closed", well({ amazon: told(amazon(services, { openings: openings.slice(0, 1) })) })],
  ])("%s", (_what, check, around) => {
    expect(checks(sound, around)).toEqual([check]);
  });

  it("ports by a range of addresses as well as by a group", () => {
    expect(checks(sound, well({ amazon: told(amazon(services, { openings: [opening({}), opening({ protocol: "udp", fromPort: 4789, toPort: 4789, peerGroupId: "", cidr: "10.0.0.0/16" })] })) }))).toEqual([]);
    expect(checks(sound, well({ amazon: told(amazon(services, { openings: [opening({}), opening({ protocol: "udp", fromPort: 4789, toPort: 4789, peerGroupId: "", cidr: "10.0.1.1/32" })] })) }))).toEqual(["vxlan-closed"]);
  });
});

describe("what the API server sends is read", () => {
  it("as classes, settings and ranges, and nonsense is left out", () => {
    expect(ingressClasses([{ metadata: { name: "alb", annotations: { "ingressclass.kubernetes.io/is-default-class": "true" } }, spec: { controller: "ingress.k8s.aws/alb" } }, 7, { metadata: {} }])).toEqual([{ name: "alb", controller: "ingress.k8s.aws/alb", isDefault: true }]);
    const daemonSet = { spec: { template: { spec: { containers: [{ name: "calico-node", readinessProbe: { exec: { command: ["-felix-ready"] } } }] } } } };
    expect(calicoSettings({ pools: [{ metadata: { name: "p" }, spec: { cidr: "192.168.0.0/16", vxlanMode: "Always" } }, null], felix: [{ spec: { vxlanMTU: 1450 } }], bgp: [{ spec: {} }], daemonSet, installers: [] })).toEqual({ pools: [{ name: "p", cidr: "192.168.0.0/16", vxlanMode: "Always", ipipMode: "Never", disabled: false }], felix: { vxlanEnabled: null, vxlanMtu: 1450, vxlanPort: 4789 }, meshEnabled: true, readiness: ["-felix-ready"], installers: [] });
    expect(serviceRanges([{ spec: { cidrs: ["10.96.0.0/12"] } }, {}])).toEqual(["10.96.0.0/12"]);
    expect(rangesOfApiServer({ spec: { containers: [{ command: ["kube-apiserver", "--service-cluster-ip-range=10.96.0.0/12,fd00::/108"] }] } })).toEqual(["10.96.0.0/12", "fd00::/108"]);
    expect(rangesOfApiServer("x")).toEqual([]);
  });
});
