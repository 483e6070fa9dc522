// The graph as Terraform: a module each for network, security, identity and machines, and import blocks for what is there already.
import type { Found, Ref, Resource, ResourceGraph } from "../graph/model";
import type { Pins } from "../model";
import { homeOf, partOf } from "../look";
import { untagged } from "../plan/fields";
import { attributes, block, call, expression, fileText, mapTexts, quoted, type Expression, type Item, type Value } from "./hcl";
import { isOfAws, moduleNames, shaped, type AwsKind, type ModuleName, type Refer } from "./terraform-fields";

export interface ExportedFile { path: string; text: string }
type AwsResource = Extract<Resource, { kind: AwsKind }>;

/** What one module hands to another: one value, or a map by the resource's name. */
const handed: Partial<Record<AwsKind, { output: string; attribute: "id" | "name" | "public_ip"; many: boolean }>> = {
  "vpc": { output: "vpc_id", attribute: "id", many: false },
  "subnet": { output: "subnet_ids", attribute: "id", many: true },
  "security-group": { output: "security_group_ids", attribute: "id", many: true },
  "instance-profile": { output: "instance_profile_names", attribute: "name", many: true },
  "elastic-ip": { output: "control_plane_address", attribute: "public_ip", many: false },
};

/** Terraform's identifiers hold letters, digits, - and _. */
const labelOf = (name: string): string => name.replace(/[^A-Za-z0-9_-]/g, "_");

/** Where a resource stands in the export, such as `module.network.aws_vpc.main`. */
export function addressOf(resource: Resource): string | null {
  if (!isOfAws(resource)) return null;
  const { module, type } = shaped(resource, () => expression(""));
  return `module.${module}.${type}.${labelOf(resource.name)}`;
}

interface Site { resources: readonly AwsResource[]; pins: Pins; commonTags: Readonly<Record<string, string>> }

export function terraformOf(graph: ResourceGraph, { pins, found = new Map() }: { pins: Pins; found?: ReadonlyMap<string, Found | null> }): ExportedFile[] {
  const resources = graph.resources.filter(isOfAws);
  const site: Site = { resources, pins, commonTags: commonTagsOf(resources) };
  const imports = importItems(resources, found);
  return [
    { path: "versions.tf", text: fileText("The versions that this was written for. Where the state is kept is yours to say: add a backend here.", versions()) },
    { path: "variables.tf", text: fileText("What may differ from one account or region to the next.", rootVariables(graph, site)) },
    { path: "main.tf", text: fileText(`The cluster ${graph.cluster}, in the parts of the console's resource graph. What stands inside the cluster is Ansible's.`, main(site)) },
    { path: "outputs.tf", text: fileText("What comes after Terraform needs to know.", rootOutputs(site)) },
    ...moduleNames.flatMap((module) => moduleFiles(module, site)),
    ...(imports.length === 0 ? [] : [{ path: "imports.tf", text: fileText("What the console has built already: the first apply takes it over and changes nothing. Remove this file afterwards.", imports) }]),
  ];
}

function commonTagsOf(resources: readonly AwsResource[]): Record<string, string> {
  const tagged = resources.filter(({ kind }) => !untagged.has(kind));
  return Object.fromEntries(Object.entries(tagged[0]?.tags ?? {}).filter(([key, value]) => tagged.every(({ tags }) => tags[key] === value)));
}

const versions = (): Item[] => [
  block("terraform", [], [
    { name: "required_version", value: ">= 1.5" },
    block("required_providers", [], [{ name: "aws", value: { source: "hashicorp/aws", version: ">= 5.40" } }]),
  ]),
  block("provider", ["aws"], [
    { name: "region", value: expression("var.region") },
    { comment: "The console notes with these which of its jobs made a thing." },
    block("ignore_tags", [], [{ name: "keys", value: ["quarterdeck.dev/intent", "quarterdeck.dev/job"] }]),
  ]),
  block("data", ["aws_caller_identity", "current"], []),
];

const variable = (name: string, description: string, rest: Readonly<Record<string, Value>>): Item => block("variable", [name], attributes({ description, ...rest }));
const string = expression("string");

const rootVariables = ({ region }: ResourceGraph, { pins, commonTags }: Site): Item[] => [
  variable("region", "The region of all that is made.", { type: string, default: region }),
  variable("image_id", `The machine image${pins.imageName === "" ? "" : `: ${pins.imageName}`}. Another one replaces the machines.`, { type: string, ...(pins.imageId === "" ? {} : { default: pins.imageId }) }),
  variable("tags", "What every part wears.", { type: expression("map(string)"), default: commonTags }),
];

const usedBy = (module: ModuleName, { resources }: Site): Set<AwsKind> => {
  const used = new Set<AwsKind>();
  for (const resource of resources.filter((each) => moduleOf(each) === module)) shaped(resource, (ref) => { const target = targetOf(ref, resources); if (moduleOf(target) !== module) used.add(target.kind); return expression(""); });
  return used;
};
const moduleOf = (resource: AwsResource): ModuleName => shaped(resource, () => expression("")).module;

function targetOf({ ref }: Ref, resources: readonly AwsResource[]): AwsResource {
  const target = resources.find(({ id }) => id === ref);
  if (!target) throw new RangeError(`${ref} is referred to and is not part of the export`);
  return target;
}

/** Whether a module speaks of the account's number or of the image. */
function wantsOf(module: ModuleName, site: Site): { account: boolean; image: boolean } {
  const text = JSON.stringify(bodiesOf(module, site));
  return { account: text.includes("var.account_id"), image: text.includes("var.image_id") };
}

function main(site: Site): Item[] {
  return moduleNames.map((module) => {
    const { account, image } = wantsOf(module, site);
    const handovers = [...usedBy(module, site)].flatMap((kind): [string, Value][] => {
      const hand = handed[kind];
      const from = site.resources.find((each) => each.kind === kind);
      return hand && from ? [[hand.output, expression(`module.${moduleOf(from)}.${hand.output}`)]] : [];
    });
    return block("module", [module], attributes({
      source: `./modules/${module}`, tags: expression("var.tags"),
      ...(account ? { account_id: expression("data.aws_caller_identity.current.account_id") } : {}), ...(image ? { image_id: expression("var.image_id") } : {}),
      ...Object.fromEntries(handovers),
    }));
  });
}

function referring(module: ModuleName, { resources }: Site): Refer {
  return (ref, attribute = "id"): Expression => {
    const target = targetOf(ref, resources);
    const { module: home, type } = shaped(target, () => expression(""));
    if (home === module) return expression(`${type}.${labelOf(target.name)}.${attribute}`);
    const hand = handed[target.kind];
    if (!hand) throw new RangeError(`${ref.ref} is referred to from ${module}, and ${home} does not hand it over`);
    return expression(hand.many ? `var.${hand.output}[${quoted(target.name)}]` : `var.${hand.output}`);
  };
}

/** No account's number stands in the files: whoever applies them brings it along. */
const withoutAccount = (account: string) => (text: string): Value =>
  (text.includes(`:${account}:`) ? expression(text.split(account).map((part) => quoted(part).slice(1, -1)).join("${var.account_id}").replace(/^(.*)$/s, '"$1"')) : text);

function bodiesOf(module: ModuleName, site: Site): { type: string; label: string; body: Item[] }[] {
  const refer = referring(module, site);
  const change = withoutAccount(site.pins.account);
  const changed = (item: Item): Item => ("name" in item ? { name: item.name, value: mapTexts(item.value, change) } : "block" in item ? { ...item, body: item.body.map(changed) } : item);
  return site.resources.filter((resource) => moduleOf(resource) === module).map((resource) => {
    const { type, body } = shaped(resource, refer);
    const own = Object.fromEntries(Object.entries(resource.tags).filter(([key, value]) => site.commonTags[key] !== value));
    const tags: Item[] = untagged.has(resource.kind) ? [] : [{ name: "tags", value: call("merge", expression("var.tags"), own) }];
    return { type, label: labelOf(resource.name), body: [...body.map(changed), ...tags] };
  });
}

function moduleFiles(module: ModuleName, site: Site): ExportedFile[] {
  const { account, image } = wantsOf(module, site);
  const folder = `modules/${module}`;
  const bodies = bodiesOf(module, site);
  const taken = [...usedBy(module, site)].flatMap((kind) => handed[kind] ?? []);
  const given = Object.entries(handed).flatMap(([kind, hand]) => {
    const its = site.resources.filter((each) => each.kind === kind && moduleOf(each) === module);
    return its.length === 0 ? [] : [{ hand, its }];
  });
  const variables: Item[] = [
    variable("tags", "What every part wears.", { type: expression("map(string)") }),
    ...(account ? [variable("account_id", "The number of the account.", { type: string })] : []),
    ...(image ? [variable("image_id", "The machine image.", { type: string })] : []),
    ...taken.map(({ output, many }) => variable(output, many ? "From another module, by name." : "From another module.", { type: many ? expression("map(string)") : string })),
  ];
  const outputs: Item[] = given.map(({ hand, its }) => {
    const valueOf = (resource: AwsResource): Value => expression(`${shaped(resource, () => expression("")).type}.${labelOf(resource.name)}.${hand.attribute}`);
    const [first] = its;
    return block("output", [hand.output], [{ name: "value", value: hand.many || !first ? Object.fromEntries(its.map((each) => [each.name, valueOf(each)])) : valueOf(first) }]);
  });
  return [
    { path: `${folder}/main.tf`, text: fileText(captions[module], bodies.map(({ type, label, body }) => block("resource", [type, label], body))) },
    { path: `${folder}/variables.tf`, text: fileText("What the module is given.", variables) },
    ...(outputs.length === 0 ? [] : [{ path: `${folder}/outputs.tf`, text: fileText("What the module hands on.", outputs) }]),
  ];
}

const captions: Record<ModuleName, string> = {
  network: "The network: VPC, way out, a public subnet per zone.",
  security: "Who may speak to whom: security groups and every rule in them.",
  identity: "What the machines may do: roles, their policies and profiles, and the place of the join material.",
  machines: "The machines, their disks and the address of the control plane.",
};

function rootOutputs({ resources }: Site): Item[] {
  const address = resources.find(({ kind }) => kind === "elastic-ip");
  return address ? [block("output", ["control_plane_address"], attributes({ description: "The public address of the API server.", value: expression("module.machines.control_plane_address") }))] : [];
}

/** Ids as `terraform import` takes them. */
function importId({ kind, awsId, fields }: Found): string {
  if (kind === "route") return `${homeOf(awsId)}_${partOf(awsId)}`;
  if (kind === "iam-role-policy") return `${homeOf(awsId)}:${partOf(awsId)}`;
  if (kind === "route-table-association") return `${String(fields["subnet"])}/${String(fields["routeTable"])}`;
  return awsId;
}

function importItems(resources: readonly AwsResource[], found: ReadonlyMap<string, Found | null>): Item[] {
  return resources.flatMap((resource) => {
    const there = found.get(resource.id);
    const address = addressOf(resource);
    return there && address ? [block("import", [], attributes({ to: expression(address), id: importId(there) }))] : [];
  });
}
