// Who the machines are on AWS: a role and a profile each for control plane and workers, with no more than each needs.
import { canonical } from "../canonical";
import type { Blueprint, Pins } from "../model";
import { kubernetesTag, type Resource } from "./model";
import { makeResource, refTo, type Shared } from "./resource";
import { groupNames, type GroupName } from "./security";

export const iamPath = "/quarterdeck/";
/** Shipped beside the console's own policy; the console may only make roles that are bound by it. */
export const boundaryName = "quarterdeck-boundary";
export const parameterPath = (cluster: string): string => `/quarterdeck/${cluster}`;
export const joinParameter = (cluster: string): string => `${parameterPath(cluster)}/join`;
/** Made by the control plane itself, read and removed by the console: no resource of the graph, because it is not there afterwards. */
export const kubeconfigParameter = (cluster: string): string => `${parameterPath(cluster)}/admin-kubeconfig`;

interface Statement { Sid: string; Effect: "Allow"; Action: readonly string[]; Resource: string | readonly string[]; Condition?: unknown }

const policy = (statements: readonly Statement[]): string => canonical({ Version: "2012-10-17", Statement: statements });

export function identityOf(blueprint: Blueprint, pins: Pins, shared: Shared): Resource[] {
  const boundary = `arn:${pins.partition}:iam::${pins.account}:policy${iamPath}${boundaryName}`;
  return [
    makeResource(shared)(["ssm-parameter", "join"], { parameterName: joinParameter(blueprint.name), type: "SecureString", filledBy: "control-plane" }),
    ...groupNames.flatMap((who): Resource[] => {
      const role = refTo("iam-role", who);
      return [
        makeResource(shared)(["iam-role", who], { path: iamPath, roleName: `${blueprint.name}-${who}`, assumedBy: "ec2.amazonaws.com", permissionsBoundary: boundary }),
        ...policiesOf(who, blueprint, pins).map(({ name, document }) => makeResource(shared)(["iam-role-policy", `${who}-${name}`], { role, policyName: name, document })),
        makeResource(shared)(["instance-profile", who], { path: iamPath, profileName: `${blueprint.name}-${who}`, role }),
      ];
    }),
  ];
}

function policiesOf(who: GroupName, blueprint: Blueprint, pins: Pins): { name: string; document: string }[] {
  const parameter = (name: string): string => `arn:${pins.partition}:ssm:${blueprint.region}:${pins.account}:parameter${name}`;
  const chosen = new Set(blueprint.addOns.chosen);
  const own = { StringEquals: { [`aws:ResourceTag/${kubernetesTag(blueprint.name)}`]: "owned" } };
  const session = { name: "session", document: policy([{ Sid: "SessionManager", Effect: "Allow", Action: ["ec2messages:*", "ssm:UpdateInstanceInformation", "ssmmessages:*"], Resource: "*" }]) };
  if (who === "control-plane") {
    return [
      session,
      { name: "hand-over", document: policy([{ Sid: "WriteJoinAndKubeconfig", Effect: "Allow", Action: ["ssm:PutParameter"], Resource: [parameter(joinParameter(blueprint.name)), parameter(kubeconfigParameter(blueprint.name))] }]) },
    ];
  }
  return [
    session,
    { name: "join", document: policy([{ Sid: "ReadJoin", Effect: "Allow", Action: ["ssm:GetParameter"], Resource: parameter(joinParameter(blueprint.name)) }]) },
    ...(chosen.has("aws-ebs-csi-driver") ? [{ name: "volumes", document: policy(volumeStatements(blueprint.name, own)) }] : []),
    ...(chosen.has("aws-load-balancer-controller") ? [{ name: "load-balancers", document: policy(loadBalancerStatements(blueprint.name, { own, rules: `arn:${pins.partition}:ec2:${blueprint.region}:${pins.account}:security-group-rule/*` })) }] : []),
  ];
}

/** What the EBS CSI driver calls, changes only on what carries the cluster's tag. Source: the driver's example policy. */
function volumeStatements(cluster: string, own: unknown): Statement[] {
  return [
    { Sid: "LookAtVolumes", Effect: "Allow", Action: ["ec2:DescribeAvailabilityZones", "ec2:DescribeInstances", "ec2:DescribeSnapshots", "ec2:DescribeTags", "ec2:DescribeVolumes", "ec2:DescribeVolumesModifications"], Resource: "*" },
    { Sid: "MakeVolumes", Effect: "Allow", Action: ["ec2:CreateSnapshot", "ec2:CreateVolume"], Resource: "*", Condition: { StringEquals: { [`aws:RequestTag/${kubernetesTag(cluster)}`]: "owned" } } },
    { Sid: "TagWhatIsMade", Effect: "Allow", Action: ["ec2:CreateTags"], Resource: "*", Condition: { StringEquals: { "ec2:CreateAction": ["CreateSnapshot", "CreateVolume"] } } },
    { Sid: "ChangeOwnVolumes", Effect: "Allow", Action: ["ec2:AttachVolume", "ec2:DeleteSnapshot", "ec2:DeleteVolume", "ec2:DetachVolume", "ec2:ModifyVolume"], Resource: "*", Condition: own },
  ];
}

/** What the load balancer controller calls for ALBs with instance targets. Source: the controller's example policy, without what it offers beyond. */
function loadBalancerStatements(cluster: string, { own, rules }: { own: unknown; rules: string }): Statement[] {
  const tagged = { StringEquals: { "aws:RequestTag/elbv2.k8s.aws/cluster": cluster } };
  const its = { StringEquals: { "aws:ResourceTag/elbv2.k8s.aws/cluster": cluster } };
  return [
    { Sid: "LookAround", Effect: "Allow", Action: ["acm:DescribeCertificate", "acm:ListCertificates", "ec2:DescribeAccountAttributes", "ec2:DescribeAddresses", "ec2:DescribeAvailabilityZones", "ec2:DescribeInstances", "ec2:DescribeInternetGateways", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeTags", "ec2:DescribeVpcs", "elasticloadbalancing:Describe*"], Resource: "*" },
    { Sid: "MakeBalancers", Effect: "Allow", Action: ["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"], Resource: "*", Condition: tagged },
    // Asked of the network too, which no tag of the request is about; what is made is changed only where it wears the tag.
    { Sid: "MakeGroups", Effect: "Allow", Action: ["ec2:CreateSecurityGroup"], Resource: "*" },
    { Sid: "TagWhatIsMade", Effect: "Allow", Action: ["ec2:CreateTags", "elasticloadbalancing:AddTags"], Resource: "*", Condition: tagged },
    { Sid: "ChangeItsBalancers", Effect: "Allow", Action: ["elasticloadbalancing:CreateListener", "elasticloadbalancing:CreateRule", "elasticloadbalancing:Delete*", "elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:Modify*", "elasticloadbalancing:RegisterTargets", "elasticloadbalancing:RemoveTags", "elasticloadbalancing:Set*", "ec2:AuthorizeSecurityGroupIngress", "ec2:DeleteSecurityGroup", "ec2:RevokeSecurityGroupIngress"], Resource: "*", Condition: its },
    // A rule is a resource of its own beside its group, and wears no tag; the group has to be let too.
    { Sid: "MakeRules", Effect: "Allow", Action: ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"], Resource: rules },
    { Sid: "OpenNodesToBalancers", Effect: "Allow", Action: ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"], Resource: "*", Condition: own },
  ];
}
