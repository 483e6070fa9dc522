// What acts for AWS inside a cluster: Ingresses become load balancers, claims become volumes, and both go again with what made them.
import { DescribeNetworkInterfacesCommand, DescribeSecurityGroupRulesCommand, DescribeSecurityGroupsCommand, DescribeVolumesCommand } from "@aws-sdk/client-ec2";
import { DescribeListenersCommand, DescribeLoadBalancersCommand, DescribeRulesCommand, DescribeTargetGroupsCommand, DescribeTargetHealthCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { machines } from "../../infra/sandbox/machines/catalogue";
import { textAt, type Json } from "../../infra/sandbox/json";
import type { World } from "../../infra/sandbox/world";
import { clientsOf } from "./aws-clients";
import { ask, bare, temporaryWorld, until } from "./sandbox-world";

let world: World & AsyncDisposable;
beforeAll(async () => {
  world = await temporaryWorld({ ...bare, aws: true });
});
afterAll(() => world[Symbol.asyncDispose]());

const aws = () => clientsOf({ url: world.awsUrl ?? "" }, world.awsCredential ?? { accessKeyId: "", secretAccessKey: "" });
const create = async (path: string, body: Json) => expect((await ask(world, path, { method: "POST", body })).status).toBe(201);
const drop = async (path: string) => expect([200, 202]).toContain((await ask(world, path, { method: "DELETE" })).status);

describe("an Ingress", () => {
  const path = "/apis/networking.k8s.io/v1/namespaces/default/ingresses";

  it("becomes a load balancer with listeners, rules, targets and groups, and takes all of it with it", async () => {
    await create("/api/v1/namespaces/default/services", { apiVersion: "v1", kind: "Service", metadata: { name: "shop" }, spec: { type: "NodePort", selector: { app: "shop" }, ports: [{ port: 80, nodePort: 30_080 }] } });
    await create(path, {
      apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: { name: "shop", annotations: { "alb.ingress.kubernetes.io/scheme": "internet-facing", "alb.ingress.kubernetes.io/healthcheck-path": "/healthz" } },
      spec: { ingressClassName: "alb", rules: [{ host: "shop.example", http: { paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "shop", port: { number: 80 } } } }] } }] },
    });
    const shown = await until(async () => (await ask(world, `${path}/shop`)).body, (one) => textAt(one, "status", "loadBalancer", "ingress", 0, "hostname") !== "");
    const { elb, ec2 } = aws();
    const [balancer] = (await elb.send(new DescribeLoadBalancersCommand({}))).LoadBalancers ?? [];
    expect(textAt(shown, "status", "loadBalancer", "ingress", 0, "hostname")).toBe(balancer?.DNSName);
    const [listener] = (await elb.send(new DescribeListenersCommand({ LoadBalancerArn: balancer?.LoadBalancerArn }))).Listeners ?? [];
    expect(listener).toMatchObject({ Port: 80, Protocol: "HTTP" });
    expect((await elb.send(new DescribeRulesCommand({ ListenerArn: listener?.ListenerArn }))).Rules?.[0]?.Conditions?.map(({ Values }) => Values?.[0])).toEqual(["/*", "shop.example"]);
    const [group] = (await elb.send(new DescribeTargetGroupsCommand({ LoadBalancerArn: balancer?.LoadBalancerArn }))).TargetGroups ?? [];
    expect(group).toMatchObject({ Port: 30_080, HealthCheckPath: "/healthz" });
    expect((await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: group?.TargetGroupArn }))).TargetHealthDescriptions?.map(({ Target }) => Target?.Id).sort()).toEqual(machines.map(({ instanceId }) => instanceId).sort());
    const owned = { Filters: [{ Name: "tag-key", Values: ["elbv2.k8s.aws/cluster"] }] };
    expect((await ec2.send(new DescribeSecurityGroupsCommand(owned))).SecurityGroups?.length).toBe(2);
    const cards = { Filters: [{ Name: "requester-id", Values: ["amazon-elb"] }] };
    // A load balancer's interfaces come and go a while after it.
    const interfaces = () => ec2.send(new DescribeNetworkInterfacesCommand(cards)).then((answer) => answer.NetworkInterfaces?.length ?? 0);
    await until(interfaces, (count) => count === 3);

    await drop(`${path}/shop`);
    await until(async () => (await ask(world, `${path}/shop`)).status, (status) => status === 404);
    expect((await elb.send(new DescribeLoadBalancersCommand({}))).LoadBalancers).toEqual([]);
    expect((await elb.send(new DescribeTargetGroupsCommand({}))).TargetGroups).toEqual([]);
    expect((await ec2.send(new DescribeSecurityGroupsCommand(owned))).SecurityGroups).toEqual([]);
    await until(interfaces, (count) => count === 0);
    const rules = (await ec2.send(new DescribeSecurityGroupRulesCommand({}))).SecurityGroupRules ?? [];
    expect(rules.filter(({ Description }) => Description?.startsWith("elbv2.k8s.aws/"))).toEqual([]);
  });
});

describe("a claim", () => {
  const claims = "/api/v1/namespaces/default/persistentvolumeclaims";

  it("becomes a volume of the account, named by its tags, and is deleted with it", async () => {
    const [machine] = machines;
    await create(claims, {
      apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "data", annotations: { "volume.kubernetes.io/selected-node": machine?.name ?? "" } },
      spec: { storageClassName: "gp3", accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "12Gi" } } },
    });
    const bound = await until(async () => (await ask(world, `${claims}/data`)).body, (claim) => textAt(claim, "status", "phase") === "Bound");
    const volumes = async () => (await aws().ec2.send(new DescribeVolumesCommand({ Filters: [{ Name: "tag:kubernetes.io/created-for/pvc/name", Values: ["data"] }] }))).Volumes ?? [];
    const persistent = (await ask(world, `/api/v1/persistentvolumes/${textAt(bound, "spec", "volumeName")}`)).body;
    expect(await until(volumes, (found) => found.length > 0)).toMatchObject([{ Size: 12, VolumeType: "gp3", AvailabilityZone: machine?.zone, VolumeId: textAt(persistent, "spec", "csi", "volumeHandle"), State: "available" }]);

    await create("/apis/storage.k8s.io/v1/volumeattachments", { apiVersion: "storage.k8s.io/v1", kind: "VolumeAttachment", metadata: { name: "att" }, spec: { attacher: "ebs.csi.aws.com", nodeName: machine?.name ?? "", source: { persistentVolumeName: textAt(bound, "spec", "volumeName") } } });
    expect(await until(volumes, ([volume]) => volume?.State === "in-use")).toMatchObject([{ Attachments: [{ InstanceId: machine?.instanceId }] }]);
    await drop("/apis/storage.k8s.io/v1/volumeattachments/att");
    await until(volumes, ([volume]) => volume?.State === "available");
    await drop(`${claims}/data`);
    expect(await until(volumes, (left) => left.length === 0)).toEqual([]);
  });
});
