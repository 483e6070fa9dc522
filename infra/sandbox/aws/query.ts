// Reading a Query request: scalar parameters, numbered lists and filters out of a form.
import { isObject, parseJson, type Json } from "../json.ts";
import { AwsError } from "./errors.ts";

export type Parameters = ReadonlyMap<string, string>;

export function parseForm(text: string): Parameters {
  return new Map(new URLSearchParams(text));
}

/** A JSON body as the same flat form: `Names.1`, `Tags.1.Key`. */
export function parseJsonForm(text: string): Parameters {
  return formOf(text === "" ? {} : parseJson(text), "");
}

/** `list` is what stands between a list's name and the number: "" or ".member". */
export function formOf(value: Json, list: string): Parameters {
  const form = new Map<string, string>();
  const flatten = (inner: Json | undefined, name: string): void => {
    if (Array.isArray(inner)) inner.forEach((one: Json, index) => flatten(one, `${name}${list}.${index + 1}`));
    else if (isObject(inner)) for (const [key, one] of Object.entries(inner)) flatten(one, name === "" ? key : `${name}.${key}`);
    else if (inner !== null && inner !== undefined) form.set(name, String(inner));
  };
  flatten(value, "");
  return form;
}

/** `<name>.1`, `<name>.2` … in order; numbers may have gaps. */
export function listOf(parameters: Parameters, name: string): string[] {
  const prefix = `${name}.`;
  const found: [number, string][] = [];
  for (const [key, value] of parameters) {
    if (!key.startsWith(prefix)) continue;
    const rest = key.slice(prefix.length);
    if (/^\d+$/.test(rest)) found.push([Number(rest), value]);
  }
  return found.sort(([a], [b]) => a - b).map(([, value]) => value);
}

/** `<name>.1.<rest>`, `<name>.2.<rest>` … as one small form each, in order. */
export function groupsOf(parameters: Parameters, name: string): Parameters[] {
  const prefix = `${name}.`;
  const groups = new Map<number, Map<string, string>>();
  for (const [key, value] of parameters) {
    const match = key.startsWith(prefix) ? /^(\d+)\.(.+)$/.exec(key.slice(prefix.length)) : null;
    if (!match) continue;
    const group = groups.get(Number(match[1])) ?? new Map<string, string>();
    groups.set(Number(match[1]), group.set(match[2] ?? "", value));
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group);
}

/** Source: "Error codes for the Amazon EC2 API", MissingParameter; the sentence is the service's. */
export function required(parameters: Parameters, name: string): string {
  const value = parameters.get(name);
  if (value === undefined || value === "") throw new AwsError("MissingParameter", `The request must contain the parameter ${name}`);
  return value;
}

export function flag(parameters: Parameters, name: string): boolean {
  return parameters.get(name) === "true";
}

export function whole(parameters: Parameters, name: string, fallback: number): number {
  const text = parameters.get(name);
  if (text === undefined) return fallback;
  if (!/^-?\d+$/.test(text)) throw new AwsError("InvalidParameterValue", `Value (${text}) for parameter ${name} is invalid. It must be an integer.`);
  return Number(text);
}

export interface Filter { name: string; values: string[] }

/** `Filter.n.Name` with `Filter.n.Value.m` (source: "DescribeInstances", EC2 API reference, request parameters). */
export function filtersOf(parameters: Parameters): Filter[] {
  const numbers = new Set<number>();
  for (const key of parameters.keys()) {
    const match = /^Filter\.(\d+)\./.exec(key);
    if (match) numbers.add(Number(match[1]));
  }
  return [...numbers].sort((a, b) => a - b).map((n) => {
    const name = parameters.get(`Filter.${n}.Name`);
    if (!name) throw new AwsError("InvalidParameterValue", "The filter 'null' is invalid");
    return { name, values: listOf(parameters, `Filter.${n}.Value`) };
  });
}

/** Filter values take `*` and `?`, and a backslash before one that is meant (source: "Find your Amazon EC2 resources", wildcards). */
export function matchesAny(values: readonly string[], actual: string): boolean {
  return values.some((value) => toPattern(value).test(actual));
}

function toPattern(value: string): RegExp {
  const body = value.replace(/\\([*?\\])|[\s\S]/g, (character, escaped: string | undefined) => {
    if (escaped !== undefined) return `\\${escaped}`;
    if (character === "*") return "[\\s\\S]*";
    if (character === "?") return "[\\s\\S]";
    return character.replace(/[.+^${}()|[\]\\/-]/, "\\$&");
  });
  return new RegExp(`^${body}$`);
}

export interface Page { maxResults: number; offset: number }

/** Source: "Error codes for the Amazon EC2 API" (InvalidNextToken) and "Pagination for the Amazon EC2 API"; the sentences are those the service was seen to send. */
export function pageOf(parameters: Parameters, bounds: { min: number; max: number; fallback: number }): Page {
  return { maxResults: maxResultsOf(parameters.get("MaxResults"), bounds), offset: offsetOf(parameters.get("NextToken")) };
}

function maxResultsOf(text: string | undefined, { min, max, fallback }: { min: number; max: number; fallback: number }): number {
  if (text === undefined) return fallback;
  if (!/^-?\d+$/.test(text)) throw new AwsError("InvalidParameterValue", `Invalid value '${text}' for MaxResults: it must be an integer.`);
  const value = Number(text);
  if (value < min) throw new AwsError("InvalidParameterValue", `Value ( ${value} ) for parameter maxResults is invalid. Expecting a value greater than ${min}.`);
  return Math.min(value, max);
}

const tokenPrefix = "quarterdeck-page:";

function offsetOf(token: string | undefined): number {
  if (token === undefined || token === "") return 0;
  const text = Buffer.from(token, "base64url").toString("utf8");
  if (!/^quarterdeck-page:\d+$/.test(text)) throw new AwsError("InvalidNextToken", "The specified NextToken is not valid.");
  return Number(text.slice(tokenPrefix.length));
}

export function tokenAt(offset: number): string {
  return Buffer.from(`${tokenPrefix}${offset}`).toString("base64url");
}
