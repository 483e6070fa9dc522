// May this be done? Statements of policies weighed as IAM weighs them: a deny wins, nothing said is no, a boundary allows or it is no.
// Source: "Policy evaluation logic" and "IAM JSON policy elements: Condition operators", IAM User Guide.
import { at, isObject, listAt, parseJson, textAt, type Json } from "../../json.ts";

export interface Ask {
  /** "ec2:RunInstances" */
  action: string;
  resource: string;
  /** Condition keys in lower case. */
  context: Record<string, readonly string[]>;
}

export type Verdict = "allowed" | "implicitDeny" | "explicitDeny";

export function evaluate(documents: readonly string[], boundary: string | null, ask: Ask): Verdict {
  const own = weigh(documents, ask);
  if (own !== "allowed" || boundary === null) return own;
  return weigh([boundary], ask);
}

function weigh(documents: readonly string[], ask: Ask): Verdict {
  const applying = documents.flatMap(statementsOf).filter((statement) => applies(statement, ask));
  if (applying.some((statement) => textAt(statement, "Effect") === "Deny")) return "explicitDeny";
  return applying.some((statement) => textAt(statement, "Effect") === "Allow") ? "allowed" : "implicitDeny";
}

export function statementsOf(document: string): readonly Json[] {
  const statement = at(parseJson(document), "Statement");
  return isObject(statement) ? [statement] : listAt(statement);
}

function texts(value: Json | undefined): string[] {
  const many = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return many.map((one) => typeof one === "string" ? one : String(one));
}

function applies(statement: Json, { action, resource, context }: Ask): boolean {
  const [actions, notActions] = [texts(at(statement, "Action")), texts(at(statement, "NotAction"))];
  const [resources, notResources] = [texts(at(statement, "Resource")), texts(at(statement, "NotResource"))];
  const named = notActions.length > 0 ? !notActions.some((one) => like(one, action, true)) : actions.some((one) => like(one, action, true));
  const meant = notResources.length > 0 ? !notResources.some((one) => like(one, resource)) : resources.some((one) => like(one, resource));
  return named && meant && conditionsHold(at(statement, "Condition"), context);
}

export function like(pattern: string, text: string, ignoreCase = false): boolean {
  const body = pattern.replace(/[\s\S]/g, (character) => character === "*" ? "[\\s\\S]*" : character === "?" ? "[\\s\\S]" : character.replace(/[.+^${}()|[\]\\/-]/, "\\$&"));
  return new RegExp(`^${body}$`, ignoreCase ? "i" : "").test(text);
}

function conditionsHold(condition: Json | undefined, context: Ask["context"]): boolean {
  if (!isObject(condition)) return true;
  return Object.entries(condition).every(([operator, keys]) => isObject(keys) && Object.entries(keys).every(([key, wanted]) => holds(operator, texts(wanted), valuesOf(context, key))));
}

function valuesOf(context: Ask["context"], key: string): readonly string[] | undefined {
  const lower = key.toLowerCase();
  return Object.hasOwn(context, lower) ? context[lower] : undefined;
}

const comparisons: Record<string, (wanted: string, actual: string) => boolean> = {
  StringEquals: (wanted, actual) => wanted === actual,
  StringEqualsIgnoreCase: (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase(),
  StringLike: (wanted, actual) => like(wanted, actual),
  ArnLike: (wanted, actual) => like(wanted, actual),
  ArnEquals: (wanted, actual) => like(wanted, actual),
  Bool: (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase(),
  NumericEquals: (wanted, actual) => Number(wanted) === Number(actual),
};

/** An operator that is not known here lets a statement apply to nothing: an allow is lost, never won. */
function holds(operator: string, wanted: readonly string[], actual: readonly string[] | undefined): boolean {
  const [, set = "", name = "", ifExists] = /^(ForAllValues:|ForAnyValue:)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  if (name === "Null") return (wanted[0] === "true") === (actual === undefined);
  const negated = /^(String|Arn|Numeric)Not/.test(name);
  const compare = comparisons[negated ? name.replace("Not", "") : name];
  if (!compare) return false;
  if (actual === undefined || actual.length === 0) return ifExists !== undefined || negated || set === "ForAllValues:";
  const fits = (value: string): boolean => wanted.some((one) => compare(one, value)) !== negated;
  return set === "ForAllValues:" ? actual.every(fits) : actual.some(fits);
}
