// The SSM family: parameters by name and path, versions, and the public ones of Canonical's images.
// Sources: "PutParameter", "GetParameter", "GetParametersByPath", "DeleteParameters", Systems Manager API reference.
import type { Action, Call, Family } from "./action.ts";
import type { Cloud } from "./cloud.ts";
import { publicImageParameters } from "./ec2/images.ts";
import { AwsError } from "./errors.ts";
import { jsonProtocol } from "./json-protocol.ts";
import { flag, listOf, required, whole } from "./query.ts";
import type { SsmParameter } from "./state.ts";
import { describeParameters } from "./ssm-search.ts";
import { readTags, tagList } from "./tags.ts";
import type { Element } from "./xml.ts";

/** A standard parameter holds 4 kB, an advanced one 8 kB (source: "Managing parameter tiers"). */
const mostBytes: Record<string, number> = { Standard: 4096, Advanced: 8192, "Intelligent-Tiering": 8192 };

const putParameter: Action = ({ cloud, parameters, caller }) => {
  const name = required(parameters, "Name");
  if (!/^\/?[\w.-]+(\/[\w.-]+)*$/.test(name) || name.length > 1011) throw new AwsError("ValidationException", `Parameter name must be a fully qualified name: only a mix of letters, numbers and the following symbols .-_ is allowed, with / between them.`);
  if (/^\/?(aws|ssm)/i.test(name)) throw new AwsError("AccessDeniedException", `No access to reserved parameter name: ${name}.`);
  const value = parameters.get("Value") ?? "";
  const tier = parameters.get("Tier") ?? "Standard";
  if (value === "") throw new AwsError("ValidationException", "1 validation error detected: Value at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1.");
  if (Buffer.byteLength(value) > (mostBytes[tier] ?? 4096)) throw new AwsError("ValidationException", `${tier} tier parameters support a maximum parameter value of ${mostBytes[tier] ?? 4096} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.`);
  const before = cloud.state.parameter[name];
  const overwrite = flag(parameters, "Overwrite");
  if (before && !overwrite) throw new AwsError("ParameterAlreadyExists", "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.");
  if (overwrite && parameters.has("Tags.1.Key")) throw new AwsError("ValidationException", "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.");
  const type = parameters.get("Type") ?? before?.type;
  if (type === undefined || !/^(String|StringList|SecureString)$/.test(type)) throw new AwsError("ValidationException", "A parameter type is required when you create a parameter.");
  const version = (before?.version ?? 0) + 1;
  cloud.state.parameter[name] = {
    id: name, createdAtMs: cloud.clock.nowMs(), tags: before?.tags ?? readTags(parameters, "Tags"), name, type, value, description: parameters.get("Description") ?? before?.description ?? "", version,
    dataType: parameters.get("DataType") ?? "text", modifiedBy: caller.arn,
  };
  return { Version: version, Tier: tier };
};

/** `name:3` asks for a version, and only the newest is kept here. */
function findParameter(cloud: Cloud, asked: string): SsmParameter | undefined {
  const [name = "", version] = asked.startsWith("arn:") ? [`/${asked.split(":parameter/")[1] ?? ""}`] : asked.split(":");
  const image = publicImageParameters.get(name);
  if (image !== undefined) return { id: name, createdAtMs: 0, tags: {}, name, type: "String", value: image, description: "", version: 1, dataType: "aws:ec2:image", modifiedBy: "" };
  const found = Object.hasOwn(cloud.state.parameter, name) ? cloud.state.parameter[name] : undefined;
  if (found && version !== undefined && Number(version) !== found.version) return undefined;
  return found;
}

/** A SecureString that is not asked to be read comes as its ciphertext. */
function toElement(parameter: SsmParameter, { cloud, parameters }: Call): Element {
  const sealed = parameter.type === "SecureString" && !flag(parameters, "WithDecryption");
  const { region, accountId } = cloud.state;
  const owner = parameter.name.startsWith("/aws/service/") ? "" : accountId;
  return {
    Name: parameter.name, Type: parameter.type, Value: sealed ? Buffer.from(`kms:${parameter.version}:${parameter.name}`).toString("base64") : parameter.value, Version: parameter.version,
    LastModifiedDate: parameter.createdAtMs / 1000, ARN: `arn:aws:ssm:${region}:${owner}:parameter${parameter.name.startsWith("/") ? "" : "/"}${parameter.name}`, DataType: parameter.dataType,
  };
}

const getParameter: Action = (call) => {
  const name = required(call.parameters, "Name");
  const found = findParameter(call.cloud, name);
  if (!found) throw new AwsError("ParameterNotFound", "");
  return { Parameter: toElement(found, call) };
};

const getParameters: Action = (call) => {
  const names = listOf(call.parameters, "Names");
  if (names.length === 0 || names.length > 10) throw new AwsError("ValidationException", "1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length less than or equal to 10, greater than or equal to 1.");
  const found = names.map((name) => ({ name, parameter: findParameter(call.cloud, name) }));
  return {
    Parameters: found.flatMap(({ parameter }) => parameter ? [toElement(parameter, call)] : []),
    InvalidParameters: found.filter(({ parameter }) => !parameter).map(({ name }) => name),
  };
};

const getParametersByPath: Action = (call) => {
  const { cloud, parameters } = call;
  const path = required(parameters, "Path");
  if (!path.startsWith("/")) throw new AwsError("ValidationException", "The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash \"/\".");
  const folder = path.endsWith("/") ? path : `${path}/`;
  const known = path.startsWith("/aws/") ? [...publicImageParameters.keys()] : Object.keys(cloud.state.parameter);
  const under = known.filter((name) => name.startsWith(folder) && (flag(parameters, "Recursive") || !name.slice(folder.length).includes("/"))).sort();
  const size = whole(parameters, "MaxResults", 10);
  if (size < 1 || size > 10) throw new AwsError("ValidationException", "1 validation error detected: Value at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 10.");
  const start = Number(parameters.get("NextToken") ?? 0);
  const found = under.slice(start, start + size).flatMap((name) => findParameter(cloud, name) ?? []);
  return { Parameters: found.map((parameter) => toElement(parameter, call)), ...(start + size < under.length ? { NextToken: String(start + size) } : {}) };
};

const deleteParameter: Action = ({ cloud, parameters }) => {
  const name = required(parameters, "Name");
  if (!Object.hasOwn(cloud.state.parameter, name)) throw new AwsError("ParameterNotFound", "");
  Reflect.deleteProperty(cloud.state.parameter, name);
  return {};
};

const deleteParameters: Action = ({ cloud, parameters }) => {
  const names = listOf(parameters, "Names");
  const there = names.filter((name) => Object.hasOwn(cloud.state.parameter, name));
  for (const name of there) Reflect.deleteProperty(cloud.state.parameter, name);
  return { DeletedParameters: there, InvalidParameters: names.filter((name) => !there.includes(name)) };
};

function tagged({ cloud, parameters }: Call): SsmParameter {
  const found = cloud.state.parameter[required(parameters, "ResourceId")];
  if (!found) throw new AwsError("InvalidResourceId", "The resource ID isn't valid. Verify that you entered the correct ID and try again.");
  return found;
}

export const ssm: Family = {
  service: "ssm",
  version: "2014-11-06",
  target: "AmazonSSM",
  ...jsonProtocol,
  throttled: () => new AwsError("ThrottlingException", "Rate exceeded"),
  actions: {
    PutParameter: putParameter, GetParameter: getParameter, GetParameters: getParameters, GetParametersByPath: getParametersByPath, DeleteParameter: deleteParameter, DeleteParameters: deleteParameters, DescribeParameters: describeParameters,
    AddTagsToResource: (call) => {
      Object.assign(tagged(call).tags, readTags(call.parameters, "Tags"));
      return {};
    },
    ListTagsForResource: (call) => ({ TagList: tagList(tagged(call).tags) }),
  },
};
