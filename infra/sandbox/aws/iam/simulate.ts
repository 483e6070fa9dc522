// SimulatePrincipalPolicy: would this principal be let do that. Source: the action, IAM API reference.
import type { Action } from "../action.ts";
import type { Cloud } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { groupsOf, listOf, required } from "../query.ts";
import { evaluate, type Verdict } from "./evaluate.ts";
import { roleArn } from "./names.ts";
import { documentsOf } from "./roles.ts";

const words: Record<Verdict, string> = { allowed: "allowed", implicitDeny: "implicitDeny", explicitDeny: "explicitDeny" };

function policiesOf(cloud: Cloud, arn: string): { documents: string[]; boundary: string | null } {
  const role = Object.values(cloud.state.role).find((one) => roleArn(cloud.state, one) === arn);
  if (role) return documentsOf(cloud, role);
  if (arn !== `arn:aws:iam::${cloud.state.accountId}:user/quarterdeck`) throw new AwsError("NoSuchEntity", `The principal ${arn} cannot be found.`, 404);
  const all = '{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
  return { documents: [cloud.state.userPolicy ?? all], boundary: null };
}

export const simulatePrincipalPolicy: Action = ({ cloud, parameters }) => {
  const { documents, boundary } = policiesOf(cloud, required(parameters, "PolicySourceArn"));
  const context = Object.fromEntries(groupsOf(parameters, "ContextEntries.member").map((one) => [(one.get("ContextKeyName") ?? "").toLowerCase(), listOf(one, "ContextKeyValues.member")]));
  const named = listOf(parameters, "ResourceArns.member");
  const resources = named.length > 0 ? named : ["*"];
  const results = listOf(parameters, "ActionNames.member").flatMap((action) => resources.map((resource) => ({
    EvalActionName: action, EvalResourceName: resource, EvalDecision: words[evaluate(documents, boundary, { action, resource, context })], MatchedStatements: [], MissingContextValues: [],
  })));
  return { EvaluationResults: results, IsTruncated: false };
};
