// The least that the console needs of AWS: every call that its door makes is in the policy, and nothing else is.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { resourceGraph } from "@/lib/provisioning/graph/build";
import { pins, seven } from "./made";

const statement = z.object({ Sid: z.string(), Effect: z.literal("Allow"), Action: z.array(z.string()), Resource: z.union([z.string(), z.array(z.string())]), Condition: z.unknown().optional() });
const policyIn = (file: string) => z.object({ Version: z.literal("2012-10-17"), Statement: z.array(statement) }).parse(JSON.parse(readFileSync(file, "utf8")));
const policy = policyIn("infra/aws/console-policy.json");
const boundary = policyIn("infra/aws/boundary-policy.json");

/** The prefix of actions of each client. */
const prefixes: Record<string, string> = { "client-ec2": "ec2", "client-iam": "iam", "client-ssm": "ssm", "client-sts": "sts", "client-service-quotas": "servicequotas", "client-elastic-load-balancing-v2": "elasticloadbalancing" };

/** Every `new …Command(` of a file, under the client from which its name comes. */
function callsOf(text: string): string[] {
  const homes = new Map<string, string>();
  for (const [, names = "", star = "", client = ""] of text.matchAll(/import (?:type )?(?:\{([^}]*)\}|\* as (\w+)) from "@aws-sdk\/([a-z0-9-]+)"/g)) {
    if (star !== "") homes.set(star, client);
    for (const name of names.split(",").map((each) => each.trim().replace(/^type /, ""))) if (name.endsWith("Command")) homes.set(name, client);
  }
  return [...text.matchAll(/new (?:(\w+)\.)?(\w+)Command\(/g)].map(([, space, name = ""]) => {
    const prefix = prefixes[homes.get(space ?? `${name}Command`) ?? ""];
    if (prefix === undefined) throw new Error(`${name} comes from no client that is known here`);
    return `${prefix}:${name}`;
  });
}

const calls = new Set(readdirSync("lib/adapters/aws").flatMap((file) => callsOf(readFileSync(`lib/adapters/aws/${file}`, "utf8"))));
const actions = policy.Statement.flatMap(({ Action }) => Action);
/** No call of its own: EC2 asks for it when a machine is started with a role. */
const beside = "iam:PassRole";

describe("the console's policy", () => {
  it("names every call that the door to AWS makes", () => {
    expect(calls.size).toBeGreaterThan(60);
    expect([...calls].filter((call) => !actions.includes(call))).toEqual([]);
  });

  it("names nothing else, and nothing with a wildcard", () => {
    expect(actions.filter((action) => action !== beside && !calls.has(action))).toEqual([]);
    expect(actions.filter((action) => action.includes("*"))).toEqual([]);
  });

  it("changes identities under its own path alone, makes roles only with the boundary, and passes them to machines only", () => {
    for (const { Action, Resource, Sid, Condition } of policy.Statement) {
      if (!Action.some((action) => /^iam:(?!List|Get)/.test(action))) continue;
      expect([Resource].flat().every((arn) => /^arn:aws:iam::\*:(role|instance-profile|policy)\/quarterdeck\/\*$/.test(arn)), Sid).toBe(true);
      if (Action.includes("iam:CreateRole")) expect(JSON.stringify(Condition)).toContain("iam:PermissionsBoundary");
      if (Action.includes(beside)) expect(Condition).toEqual({ StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } });
    }
  });

  it("reads and writes parameters under its own path, and beside them only the public names of images", () => {
    expect(policy.Statement.filter(({ Action }) => Action.some((action) => action.startsWith("ssm:"))).flatMap(({ Resource }) => Resource).toSorted()).toEqual(["arn:aws:ssm:*:*:parameter/quarterdeck", "arn:aws:ssm:*:*:parameter/quarterdeck/*", "arn:aws:ssm:*::parameter/aws/service/canonical/*"]);
  });
});

describe("the boundary", () => {
  const within = boundary.Statement.flatMap(({ Action }) => Action);
  const allows = (action: string): boolean => within.some((pattern) => pattern === action || (pattern.endsWith("*") && action.startsWith(pattern.slice(0, -1))));

  it("holds every power that a role of a cluster is given", () => {
    const given = resourceGraph(seven, pins).resources.flatMap((resource) => (resource.kind === "iam-role-policy" ? [...resource.wanted.document.matchAll(/"Action":\[([^\]]*)\]/g)].flatMap(([, list = ""]) => list.split(",").map((each) => each.replaceAll('"', ""))) : []));
    expect(given.length).toBeGreaterThan(20);
    expect(given.filter((action) => !allows(action))).toEqual([]);
  });

  it("holds nothing over identities and nothing that starts machines", () => {
    expect(["iam:CreateRole", "iam:PassRole", "sts:AssumeRole", "ec2:RunInstances", "ec2:TerminateInstances", "ec2:CreateVpc", "s3:GetObject"].filter(allows)).toEqual([]);
  });
});
