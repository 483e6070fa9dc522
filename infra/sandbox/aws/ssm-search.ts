// DescribeParameters: which parameters there are, without their values. Source: "DescribeParameters", "ParameterStringFilter", Systems Manager API reference.
import type { Action } from "./action.ts";
import { AwsError } from "./errors.ts";
import { groupsOf, listOf, whole, type Parameters } from "./query.ts";
import type { SsmParameter } from "./state.ts";

function fits(filter: Parameters, { name, type, tags }: SsmParameter): boolean {
  const [key = "", option] = [filter.get("Key"), filter.get("Option")];
  const values = listOf(filter, "Values");
  if (key === "Type") return values.includes(type);
  if (key.startsWith("tag:")) return Object.hasOwn(tags, key.slice(4)) && (values.length === 0 || values.includes(tags[key.slice(4)] ?? ""));
  if (key === "Name") return values.some((value) => option === "BeginsWith" ? name.startsWith(value) : option === "Contains" ? name.includes(value) : name === value);
  if (key === "Path") return values.some((value) => {
    const folder = value.endsWith("/") ? value : `${value}/`;
    return name.startsWith(folder) && (option === "Recursive" || !name.slice(folder.length).includes("/"));
  });
  throw new AwsError("InvalidFilterKey", "The specified key isn't valid.");
}

export const describeParameters: Action = ({ cloud, parameters }) => {
  const filters = groupsOf(parameters, "ParameterFilters");
  const found = Object.values(cloud.state.parameter).filter((one) => filters.every((filter) => fits(filter, one))).sort((a, b) => a.name < b.name ? -1 : 1);
  const [start, size] = [Number(parameters.get("NextToken") ?? 0), whole(parameters, "MaxResults", 10)];
  return {
    Parameters: found.slice(start, start + size).map(({ name, type, description, version, createdAtMs, dataType, modifiedBy }) => ({ Name: name, Type: type, Description: description, Version: version, LastModifiedDate: createdAtMs / 1000, LastModifiedUser: modifiedBy, Tier: "Standard", DataType: dataType, Policies: [] })),
    ...(start + size < found.length ? { NextToken: String(start + size) } : {}),
  };
};
