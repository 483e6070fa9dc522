// Each kind of the graph as Terraform's AWS provider knows it: its module, its type, and our fields under the provider's names.
import { resourceKinds, type Ref, type Resource, type ResourceKind, type ResourceOf } from "../graph/model";
import { isRef } from "../graph/resource";
import { attributes, block, call, expression, type Expression, type Item, type Value } from "./hcl";

export const moduleNames = ["network", "security", "identity", "machines"] as const;
export type ModuleName = (typeof moduleNames)[number];

export type AwsKind = Exclude<ResourceKind, "control-plane" | "cni" | "node" | "add-on">;
/** A reference as it is written inside the module of the one who refers. */
export type Refer = (ref: Ref, attribute?: "id" | "name" | "key_name") => Expression;

interface Shape<K extends AwsKind> {
  module: ModuleName;
  type: string | ((wanted: ResourceOf<K>["wanted"]) => string);
  body: (wanted: ResourceOf<K>["wanted"], refer: Refer) => Item[];
}

const trust = (service: string): Value => ({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }] });
const lifecycle = (...ignored: readonly string[]): Item => block("lifecycle", [], [{ name: "ignore_changes", value: ignored.map(expression) }]);
const document = (name: string, value: Value): Item => ({ name, value: call("jsonencode", value) });

export const shapes: { [K in AwsKind]: Shape<K> } = {
  "vpc": { module: "network", type: "aws_vpc", body: ({ cidr, dnsHostnames, dnsSupport }) => attributes({ cidr_block: cidr, enable_dns_hostnames: dnsHostnames, enable_dns_support: dnsSupport }) },
  "internet-gateway": { module: "network", type: "aws_internet_gateway", body: ({ vpc }, refer) => attributes({ vpc_id: refer(vpc) }) },
  "subnet": { module: "network", type: "aws_subnet", body: ({ vpc, cidr, zone, publicIp }, refer) => attributes({ vpc_id: refer(vpc), cidr_block: cidr, availability_zone: zone, map_public_ip_on_launch: publicIp }) },
  "route-table": { module: "network", type: "aws_route_table", body: ({ vpc }, refer) => attributes({ vpc_id: refer(vpc) }) },
  "route": { module: "network", type: "aws_route", body: ({ routeTable, destination, gateway }, refer) => attributes({ route_table_id: refer(routeTable), destination_cidr_block: destination, gateway_id: refer(gateway) }) },
  "route-table-association": { module: "network", type: "aws_route_table_association", body: ({ routeTable, subnet }, refer) => attributes({ route_table_id: refer(routeTable), subnet_id: refer(subnet) }) },
  "security-group": { module: "security", type: "aws_security_group", body: ({ vpc, groupName, description }, refer) => attributes({ vpc_id: refer(vpc), name: groupName, description }) },
  "security-group-rule": {
    module: "security",
    type: ({ direction }) => `aws_vpc_security_group_${direction}_rule`,
    body: ({ group, protocol, fromPort, toPort, peer, description }, refer) => attributes({
      security_group_id: refer(group), description, ip_protocol: protocol === "all" ? "-1" : protocol,
      ...(protocol === "all" ? {} : { from_port: fromPort, to_port: toPort }),
      ...(isRef(peer) ? { referenced_security_group_id: refer(peer) } : { cidr_ipv4: peer }),
    }),
  },
  "iam-role": { module: "identity", type: "aws_iam_role", body: ({ path, roleName, assumedBy, permissionsBoundary }) => [...attributes({ path, name: roleName, permissions_boundary: permissionsBoundary }), document("assume_role_policy", trust(assumedBy))] },
  "iam-role-policy": { module: "identity", type: "aws_iam_role_policy", body: ({ role, policyName, document: text }, refer) => [...attributes({ role: refer(role, "name"), name: policyName }), document("policy", JSON.parse(text))] },
  "instance-profile": { module: "identity", type: "aws_iam_instance_profile", body: ({ path, profileName, role }, refer) => attributes({ path, name: profileName, role: refer(role, "name") }) },
  "ssm-parameter": {
    module: "identity", type: "aws_ssm_parameter",
    body: ({ parameterName, type, filledBy }) => [...attributes({ name: parameterName, type, value: `filled by the ${filledBy}` }), { comment: "The control plane writes what is secret here; Terraform neither sets nor compares it." }, lifecycle("value")],
  },
  "key-pair": { module: "machines", type: "aws_key_pair", body: ({ keyName, publicKey }) => attributes({ key_name: keyName, public_key: publicKey }) },
  "instance": { module: "machines", type: "aws_instance", body: instanceBody },
  "elastic-ip": { module: "machines", type: "aws_eip", body: ({ domain }) => attributes({ domain }) },
  "elastic-ip-association": { module: "machines", type: "aws_eip_association", body: ({ address, instance }, refer) => attributes({ allocation_id: refer(address), instance_id: refer(instance) }) },
};

function instanceBody(wanted: ResourceOf<"instance">["wanted"], refer: Refer): Item[] {
  return [
    ...attributes({
      ami: expression("var.image_id"), instance_type: wanted.instanceType, availability_zone: wanted.zone, subnet_id: refer(wanted.subnet),
      vpc_security_group_ids: wanted.securityGroups.map((group) => refer(group)), iam_instance_profile: refer(wanted.profile, "name"),
      ...(wanted.keyPair ? { key_name: refer(wanted.keyPair, "key_name") } : {}),
    }),
    ...(wanted.elsewhere.length === 0 ? [] : [{ comment: `Where ${wanted.zone} has none of this type left, take ${wanted.elsewhere.map(({ zone, subnet }) => `${zone} and ${refer(subnet).expression}`).join(", then ")}; Terraform does not do it by itself.` }]),
    { comment: `${wanted.rootDevice} of the image.` },
    block("root_block_device", [], attributes({ volume_size: wanted.rootVolumeGib, volume_type: wanted.rootVolumeType, encrypted: wanted.rootVolumeEncrypted })),
    block("metadata_options", [], attributes({ http_endpoint: "enabled", http_tokens: wanted.metadataTokens, http_put_response_hop_limit: wanted.metadataHopLimit })),
    ...(wanted.spot ? [block("instance_market_options", [], attributes({ market_type: "spot" }))] : []),
    lifecycle("user_data", "user_data_base64"),
  ];
}

const kindsOfAws: ReadonlySet<string> = new Set(Object.keys(shapes));
/** Holds because `shapes` has every kind of AWS and no other as its keys. */
export const isOfAws = (resource: Resource): resource is Extract<Resource, { kind: AwsKind }> => kindsOfAws.has(resource.kind);
export const awsKinds: readonly AwsKind[] = resourceKinds.filter((kind): kind is AwsKind => kindsOfAws.has(kind));

/** One resource by the shape of its kind; the cast holds because a resource's `wanted` is that of its kind. */
export function shaped(resource: Extract<Resource, { kind: AwsKind }>, refer: Refer): { module: ModuleName; type: string; body: Item[] } {
  const shape = shapes[resource.kind] as Shape<AwsKind>;
  return { module: shape.module, type: typeof shape.type === "string" ? shape.type : shape.type(resource.wanted), body: shape.body(resource.wanted, refer) };
}
