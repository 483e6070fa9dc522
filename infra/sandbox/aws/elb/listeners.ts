// Listeners and their rules: what comes in on a port, and where it goes. Sources: "CreateListener", "CreateRule", "DescribeRules", ELBv2 API reference.
import type { Action } from "../action.ts";
import type { Cloud } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { groupsOf, listOf, required, whole, type Parameters } from "../query.ts";
import type { Listener, ListenerAction, ListenerRule } from "../state.ts";
import { readTags } from "../tags.ts";
import type { Element } from "../xml.ts";
import { members, needListener, needLoadBalancer, needRule, needTargetGroup, pageIn, shortId } from "./arns.ts";

const under = (one: Parameters, prefix: string): Record<string, string> => Object.fromEntries([...one].filter(([key]) => key.startsWith(`${prefix}.`)).map(([key, value]) => [key.slice(prefix.length + 1), value]));

function actionsIn(cloud: Cloud, parameters: Parameters, name: string): ListenerAction[] {
  const actions = groupsOf(parameters, `${name}.member`).map((one): ListenerAction => ({
    type: one.get("Type") ?? "forward", targetGroupArn: one.get("TargetGroupArn") ?? one.get("ForwardConfig.TargetGroups.member.1.TargetGroupArn") ?? "", redirect: under(one, "RedirectConfig"), fixed: under(one, "FixedResponseConfig"),
  }));
  for (const { type, targetGroupArn } of actions) if (type === "forward") needTargetGroup(cloud, targetGroupArn);
  return actions;
}

export const createListener: Action = ({ cloud, parameters }) => {
  const balancer = needLoadBalancer(cloud, required(parameters, "LoadBalancerArn"));
  const port = whole(parameters, "Port", 80);
  const actions = actionsIn(cloud, parameters, "DefaultActions");
  if (Object.values(cloud.state.listener).some((one) => one.loadBalancerArn === balancer.arn && one.port === port)) throw new AwsError("DuplicateListener", "A listener already exists on this port for this load balancer");
  const protocol = parameters.get("Protocol") ?? "HTTP";
  const certificates = groupsOf(parameters, "Certificates.member").flatMap((one) => one.get("CertificateArn") ?? []);
  if (protocol === "HTTPS" && certificates.length === 0) throw new AwsError("ValidationError", "A certificate must be specified for HTTPS listeners");
  const arn = `${balancer.arn.replace(":loadbalancer/", ":listener/")}/${shortId(cloud, String(port))}`;
  const made: Listener = { id: arn, createdAtMs: cloud.clock.nowMs(), tags: readTags(parameters, "Tags.member"), arn, loadBalancerArn: balancer.arn, port, protocol, certificates, sslPolicy: parameters.get("SslPolicy") ?? "", actions };
  cloud.state.listener[arn] = made;
  return { Listeners: [toElement(made)] };
};

export const describeListeners: Action = ({ cloud, parameters }) => {
  const [arns, balancer] = [members(parameters, "ListenerArns"), parameters.get("LoadBalancerArn")];
  if (balancer !== undefined) needLoadBalancer(cloud, balancer);
  const chosen = arns.length > 0 ? arns.map((arn) => needListener(cloud, arn)) : Object.values(cloud.state.listener).filter((one) => one.loadBalancerArn === balancer);
  const { members: shown, NextMarker } = pageIn(parameters, chosen);
  return { Listeners: shown.map(toElement), NextMarker };
};

export const modifyListener: Action = ({ cloud, parameters }) => {
  const listener = needListener(cloud, required(parameters, "ListenerArn"));
  const actions = actionsIn(cloud, parameters, "DefaultActions");
  if (actions.length > 0) listener.actions = actions;
  return { Listeners: [toElement(listener)] };
};

export const deleteListener: Action = ({ cloud, parameters }) => {
  const listener = needListener(cloud, required(parameters, "ListenerArn"));
  for (const rule of Object.values(cloud.state.listenerRule)) if (rule.listenerArn === listener.arn) Reflect.deleteProperty(cloud.state.listenerRule, rule.arn);
  Reflect.deleteProperty(cloud.state.listener, listener.arn);
  return {};
};

export const createRule: Action = ({ cloud, parameters }) => {
  const listener = needListener(cloud, required(parameters, "ListenerArn"));
  const priority = whole(parameters, "Priority", 0);
  if (Object.values(cloud.state.listenerRule).some((one) => one.listenerArn === listener.arn && one.priority === priority)) throw new AwsError("PriorityInUse", `Priority '${priority}' is currently in use`);
  const conditions = groupsOf(parameters, "Conditions.member").map((one) => {
    const field = one.get("Field") ?? "";
    const config = field === "host-header" ? "HostHeaderConfig" : "PathPatternConfig";
    return { field, values: [...listOf(one, "Values.member"), ...listOf(one, `${config}.Values.member`)] };
  });
  const arn = `${listener.arn.replace(":listener/", ":listener-rule/")}/${shortId(cloud, String(priority))}`;
  const made: ListenerRule = { id: arn, createdAtMs: cloud.clock.nowMs(), tags: readTags(parameters, "Tags.member"), arn, listenerArn: listener.arn, priority, conditions, actions: actionsIn(cloud, parameters, "Actions") };
  cloud.state.listenerRule[arn] = made;
  return { Rules: [toRuleElement(made)] };
};

export const deleteRule: Action = ({ cloud, parameters }) => {
  Reflect.deleteProperty(cloud.state.listenerRule, needRule(cloud, required(parameters, "RuleArn")).arn);
  return {};
};

/** The default rule is last, and is the listener's own. */
export const describeRules: Action = ({ cloud, parameters }) => {
  const [arns, listenerArn] = [members(parameters, "RuleArns"), parameters.get("ListenerArn")];
  if (arns.length > 0) return { Rules: arns.map((arn) => toRuleElement(needRule(cloud, arn))) };
  const listener = needListener(cloud, listenerArn ?? "");
  const rules = Object.values(cloud.state.listenerRule).filter((one) => one.listenerArn === listener.arn).sort((a, b) => a.priority - b.priority);
  const last = { RuleArn: `${listener.arn.replace(":listener/", ":listener-rule/")}/default`, Priority: "default", Conditions: [], Actions: listener.actions.map(actionElement), IsDefault: true };
  return { Rules: [...rules.map(toRuleElement), last] };
};

function actionElement({ type, targetGroupArn, redirect, fixed }: ListenerAction): Element {
  return {
    Type: type, TargetGroupArn: targetGroupArn === "" ? null : targetGroupArn, RedirectConfig: Object.keys(redirect).length === 0 ? null : redirect, FixedResponseConfig: Object.keys(fixed).length === 0 ? null : fixed,
    ForwardConfig: targetGroupArn === "" ? null : { TargetGroups: [{ TargetGroupArn: targetGroupArn, Weight: 1 }] },
  };
}

function toElement(listener: Listener): Element {
  return {
    ListenerArn: listener.arn, LoadBalancerArn: listener.loadBalancerArn, Port: listener.port, Protocol: listener.protocol, SslPolicy: listener.sslPolicy === "" ? null : listener.sslPolicy,
    Certificates: listener.certificates.map((CertificateArn) => ({ CertificateArn })), DefaultActions: listener.actions.map(actionElement),
  };
}

function toRuleElement(rule: ListenerRule): Element {
  const conditions = rule.conditions.map(({ field, values }) => ({ Field: field, Values: values, ...(field === "host-header" ? { HostHeaderConfig: { Values: values } } : { PathPatternConfig: { Values: values } }) }));
  return { RuleArn: rule.arn, Priority: String(rule.priority), Conditions: conditions, Actions: rule.actions.map(actionElement), IsDefault: false };
}
