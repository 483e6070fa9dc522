// What all Describe actions of EC2 do: ids, filters, pages, and the reply's set.
// Sources: "Find your Amazon EC2 resources" (filters), "Pagination for the Amazon EC2 API".
import type { Action } from "./action.ts";
import type { Cloud } from "./cloud.ts";
import { AwsError } from "./errors.ts";
import { all, needAll, type Kind } from "./kinds.ts";
import { filtersOf, listOf, matchesAny, pageOf, tokenAt, type Filter } from "./query.ts";
import type { Thing } from "./state.ts";
import type { Element } from "./xml.ts";

/** Each filter's values of one thing. */
export type Fields<T> = Record<string, (thing: T, cloud: Cloud) => readonly string[]>;

export interface View<T extends Thing> {
  kind: Kind<T>;
  /** The request's list of ids. */
  ids: string;
  /** As in the sentence that refuses ids and pages together. */
  set: string;
  fields: Fields<T>;
  toElement(thing: T, cloud: Cloud): Element;
}

export function describeAction<T extends Thing>(view: View<T>): Action {
  return (call) => {
    const { cloud, parameters } = call;
    const ids = listOf(parameters, view.ids);
    const chosen = ids.length > 0 ? needAll(cloud, view.kind, [...new Set(ids)]) : all(cloud, view.kind);
    if (ids.length > 0 && parameters.has("MaxResults")) throw new AwsError("InvalidParameterCombination", `The parameter ${view.set} cannot be used with the parameter maxResults`);
    const filters = filtersOf(parameters);
    const found = chosen.filter((thing) => filters.every((filter) => satisfies(filter, thing, { cloud, fields: view.fields })));
    const { maxResults, offset } = pageOf(parameters, { min: 5, max: 1000, fallback: Number.MAX_SAFE_INTEGER });
    const end = offset + maxResults;
    return { [view.set]: found.slice(offset, end).map((thing) => view.toElement(thing, cloud)), nextToken: end < found.length ? tokenAt(end) : null };
  };
}

/** Filters are and-ed, the values of one are or-ed. */
export function satisfies<T extends Thing>({ name, values }: Filter, thing: T, { cloud, fields }: { cloud: Cloud; fields: Fields<T> }): boolean {
  if (name.startsWith("tag:")) {
    const key = name.slice(4);
    return Object.hasOwn(thing.tags, key) && matchesAny(values, thing.tags[key] ?? "");
  }
  if (name === "tag-key") return Object.keys(thing.tags).some((key) => matchesAny(values, key));
  if (name === "owner-id") return matchesAny(values, cloud.state.accountId);
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!field) throw new AwsError("InvalidParameterValue", `The filter '${name}' is invalid`);
  return field(thing, cloud).some((value) => matchesAny(values, value));
}
