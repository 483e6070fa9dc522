// Where a thing is found in AWS' own console; null for what has no page there.
import type { ResourceKind } from "./graph/model";

const vpcPages: Partial<Record<ResourceKind, (id: string) => string>> = {
  "vpc": (id) => `VpcDetails:VpcId=${id}`, "subnet": (id) => `SubnetDetails:subnetId=${id}`, "internet-gateway": (id) => `InternetGateway:internetGatewayId=${id}`, "route-table": (id) => `RouteTableDetails:RouteTableId=${id}`,
  "security-group": (id) => `SecurityGroup:groupId=${id}`, "security-group-rule": (id) => `SecurityGroupRules:securityGroupRuleId=${id}`, "elastic-ip": (id) => `ElasticIpDetails:AllocationId=${id}`,
};
const ec2Pages: Partial<Record<ResourceKind, (id: string) => string>> = { "instance": (id) => `InstanceDetails:instanceId=${id}`, "key-pair": (id) => `KeyPairs:keyName=${id}` };

export function consoleLink(kind: ResourceKind, awsId: string, region: string): string | null {
  const id = encodeURIComponent(awsId);
  const home = (service: string): string => `https://${region}.console.aws.amazon.com/${service}/home?region=${region}#`;
  const [vpc, ec2] = [vpcPages[kind], ec2Pages[kind]];
  if (vpc) return `${home("vpcconsole")}${vpc(id)}`;
  if (ec2) return `${home("ec2")}${ec2(id)}`;
  if (kind === "iam-role") return `https://console.aws.amazon.com/iam/home#/roles/details/${id}`;
  return kind === "ssm-parameter" ? `https://${region}.console.aws.amazon.com/systems-manager/parameters${awsId}/description?region=${region}` : null;
}
