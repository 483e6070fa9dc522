// Tags as requests give them and as replies show them. Source: "Tag restrictions", EC2 User Guide; "TagSpecification", EC2 API reference.
import { AwsError } from "./errors.ts";
import { groupsOf, type Parameters } from "./query.ts";
import type { Tags } from "./state.ts";
import type { Element } from "./xml.ts";

const mostTags = 50;

export function tagSet(tags: Tags): Element[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

/** As IAM, SSM and the load balancers show them. */
export function tagList(tags: Tags): Element[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** `<prefix>.n.Key` with `<prefix>.n.Value`. */
export function readTags(parameters: Parameters, prefix: string): Tags {
  const tags: Tags = {};
  for (const pair of groupsOf(parameters, prefix)) {
    const key = pair.get("Key") ?? "";
    checkKey(key, pair.get("Value") ?? "");
    if (Object.hasOwn(tags, key)) throw new AwsError("InvalidParameterValue", `Duplicate tag key '${key}' specified.`);
    tags[key] = pair.get("Value") ?? "";
  }
  checkCount(tags);
  return tags;
}

export function checkCount(tags: Tags): void {
  if (Object.keys(tags).length > mostTags) throw new AwsError("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.");
}

function checkKey(key: string, value: string): void {
  if (/^aws:/i.test(key)) throw new AwsError("InvalidParameterValue", `Tag keys starting with 'aws:' are reserved for internal use`);
  if (key === "" || key.length > 127) throw new AwsError("InvalidParameterValue", `Tag key must not be empty and must be at most 127 characters. Provided key has ${key.length} characters.`);
  if (value.length > 255) throw new AwsError("InvalidParameterValue", `Tag value exceeds the maximum length of 255 characters`);
}

/** The tags a create call gives to one of the kinds it makes; a kind that the call does not make is refused. */
export function specifiedTags(parameters: Parameters, type: string, makes: readonly string[] = [type]): Tags {
  const specifications = groupsOf(parameters, "TagSpecification");
  const wrong = specifications.find((one) => !makes.includes(one.get("ResourceType") ?? ""));
  if (wrong) throw new AwsError("InvalidParameterValue", `'${wrong.get("ResourceType") ?? ""}' is not a valid taggable resource type for this operation.`);
  const mine = specifications.filter((one) => one.get("ResourceType") === type);
  if (mine.length > 1) throw new AwsError("InvalidParameterValue", `Same resource type '${type}' specified more than once.`);
  return mine[0] ? readTags(mine[0], "Tag") : {};
}
