// CreateTags, DeleteTags and DescribeTags over everything that has an id. Source: the three actions, EC2 API reference.
import type { Action } from "../action.ts";
import type { Cloud } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { find, kinds, type Kind } from "../kinds.ts";
import { filtersOf, groupsOf, listOf, matchesAny, pageOf, tokenAt } from "../query.ts";
import type { Thing } from "../state.ts";
import { checkCount, readTags } from "../tags.ts";

interface Taggable { type: string; thing: Thing }

function lookUp<T extends Thing>(cloud: Cloud, kind: Kind<T>, id: string): Taggable[] {
  const thing = find(cloud, kind, id);
  return thing ? [{ type: kind.name, thing }] : [];
}

function everything(cloud: Cloud, id: string): Taggable[] {
  return [
    ...lookUp(cloud, kinds.vpc, id), ...lookUp(cloud, kinds.subnet, id), ...lookUp(cloud, kinds.gateway, id), ...lookUp(cloud, kinds.routeTable, id), ...lookUp(cloud, kinds.group, id), ...lookUp(cloud, kinds.rule, id),
    ...lookUp(cloud, kinds.networkInterface, id), ...lookUp(cloud, kinds.address, id), ...lookUp(cloud, kinds.volume, id), ...lookUp(cloud, kinds.keyPair, id), ...lookUp(cloud, kinds.instance, id),
  ];
}

function taggable(cloud: Cloud, id: string): Taggable {
  const [found] = everything(cloud, id);
  if (found) return found;
  const kind = Object.values(kinds).find(({ prefix }) => id.startsWith(`${prefix}-`));
  if (!kind) throw new AwsError("InvalidID", `The ID '${id}' is not valid`);
  throw new AwsError(kind.code, kind.say([id]));
}

export const createTags: Action = ({ cloud, parameters }) => {
  const ids = listOf(parameters, "ResourceId");
  if (ids.length === 0) throw new AwsError("MissingParameter", "The request must contain the parameter resourceIdSet");
  const tags = readTags(parameters, "Tag");
  const things = ids.map((id) => taggable(cloud, id).thing);
  for (const thing of things) checkCount({ ...thing.tags, ...tags });
  for (const thing of things) Object.assign(thing.tags, tags);
  return { return: true };
};

/** With a value only the tag of that value goes; with no tags named, all that the user made go. */
export const deleteTags: Action = ({ cloud, parameters }) => {
  const things = listOf(parameters, "ResourceId").map((id) => taggable(cloud, id).thing);
  const named = groupsOf(parameters, "Tag");
  for (const { tags } of things) {
    for (const key of Object.keys(tags)) {
      const fits = named.length === 0 || named.some((one) => one.get("Key") === key && (!one.has("Value") || one.get("Value") === tags[key]));
      if (fits) Reflect.deleteProperty(tags, key);
    }
  }
  return { return: true };
};

export const describeTags: Action = ({ cloud, parameters }) => {
  const ids = Object.values(kinds).flatMap((kind) => Object.keys(kind.of(cloud.state)));
  const rows = ids.flatMap((id) => everything(cloud, id)).flatMap(({ type, thing }) => Object.entries(thing.tags).map(([key, value]) => ({ resourceId: thing.id, resourceType: type, key, value })));
  const filters = filtersOf(parameters);
  const found = rows.filter((row) => filters.every(({ name, values }) => {
    const field: Record<string, string> = { key: row.key, value: row.value, "resource-id": row.resourceId, "resource-type": row.resourceType };
    const tag = name.startsWith("tag:") ? (row.key === name.slice(4) ? row.value : null) : Object.hasOwn(field, name) ? field[name] : undefined;
    if (tag === undefined) throw new AwsError("InvalidParameterValue", `The filter '${name}' is invalid`);
    return tag !== null && matchesAny(values, tag);
  }));
  const { maxResults, offset } = pageOf(parameters, { min: 5, max: 1000, fallback: 1000 });
  const end = offset + maxResults;
  return { tagSet: found.slice(offset, end), nextToken: end < found.length ? tokenAt(end) : null };
};
