// Who may import whom: the design's import rules as data and one function, so that a test can also break each on purpose.
import type { Import } from "./tree";

/** Rooms of lib from the top down; rooms on one line do not import each other. */
export const floors = [
  ["boot"], ["status"], ["diagnostics"], ["canary"], ["deployments", "provisioning", "routes"], ["metrics"], ["placement"], ["clusters"], ["jobs"], ["notices"], ["access"], ["runtime"], ["adapters"], ["base"],
];
const floorOf = new Map(floors.flatMap((rooms, floor) => rooms.map((room) => [room, floor] as const)));

const sdkHomes: [pattern: RegExp, home: RegExp, what: string][] = [
  [/^@kubernetes\//, /^lib\/adapters\/kubernetes\//, "@kubernetes/* belongs to lib/adapters/kubernetes"],
  [/^@aws-sdk\//, /^lib\/adapters\/aws\//, "@aws-sdk/* belongs to lib/adapters/aws"],
  [/^(pg|@prisma\/.*)$|^prisma\/generated/, /^(lib\/adapters\/database|prisma|infra\/dev)\//, "Prisma and pg belong to lib/adapters/database"],
  [/^better-auth/, /^(lib\/access|app\/api\/auth)\//, "better-auth belongs to lib/access"],
  [/^(react|react-dom|@mantine\/.*|@tanstack\/.*|recharts|@tabler\/.*)(\/|$)/, /^(app|components)\//, "react belongs to app and components"],
  [/^(@codemirror|@lezer|@prometheus-io)\//, /^components\//, "the editor of PromQL belongs to components"],
];

const serverOnly = /^lib\/(boot|runtime)$|^lib\/[^/]+\/(service|steps|loops)(\/|$)|^lib\/adapters\//;
const ruleFile = (file: string): boolean => /^lib\/(?!adapters\/|base\/)[^/]+\/.+\.ts$/.test(file) && !isServer(file);
/** Server files of a room that are not services, steps or loops are told by their first import, `server-only`. */
export const serverFiles = new Set<string>();
const isServer = (file: string): boolean => serverOnly.test(file.replace(/\.tsx?$/, "")) || serverFiles.has(file.replace(/\.tsx?$/, ""));

export function roomOf(file: string): string {
  const [, room = ""] = file.split("/");
  return room.replace(/\.ts$/, "");
}

/** What is wrong with an import of product code, or null. */
export function refusal(one: Import): string | null {
  const { from, to } = one;
  if (from.startsWith("tests/")) return null;
  return sdkRefusal(one) ?? (from.startsWith("lib/") ? libRefusal(one) : from.startsWith("components/") ? componentRefusal(one) : from.startsWith("app/") ? appRefusal(one) : from.startsWith("infra/sandbox/") && /^(lib|app|components)\//.test(to) ? "infra/sandbox imports nothing of the product" : null);
}

function sdkRefusal({ from, to, typeOnly }: Import): string | null {
  if (from.startsWith("infra/")) return null;
  for (const [pattern, home, what] of sdkHomes) if (pattern.test(to) && !home.test(from)) return typeOnly && to.startsWith("prisma/generated") && isServer(from) ? null : what;
  return null;
}

function libRefusal({ from, to, typeOnly }: Import): string | null {
  if (/^(app|components|infra|tests)\//.test(to)) return "lib imports nothing of app, components or infra";
  if (ruleFile(from) && to.startsWith("node:")) return "a rule knows no node:*";
  if (!to.startsWith("lib/")) return null;
  const [mine, theirs] = [roomOf(from), roomOf(to)];
  if (mine === "adapters" && theirs === "adapters") return from.split("/")[2] === to.split("/")[2] ? null : "adapters do not know each other";
  if (mine === theirs) return ruleFile(from) && isServer(to) && !typeOnly ? "a rule does not reach a service, step or loop" : null;
  const [above, below] = [floorOf.get(mine), floorOf.get(theirs)];
  if (above === undefined || below === undefined) return `${above === undefined ? mine : theirs} is no room of the house`;
  if (below <= above) return `${mine} may import only rooms below it, and ${theirs} is not`;
  if (ruleFile(from) && isServer(to)) return typeOnly ? null : "a rule takes only types from adapters, services and runtime";
  if (/^lib\/[^/]+\/steps\//.test(from) && theirs === "adapters" && !typeOnly) return "a step reaches adapters by the ctx it is given";
  return null;
}

function componentRefusal({ to, typeOnly }: Import): string | null {
  if (/^(app|infra|tests)\//.test(to)) return "components import nothing of app or infra";
  if (to.startsWith("node:")) return "components run in the browser and know no node:*";
  if (/^lib\/base\/(env|log|http)$/.test(to)) return "that part of base is for the server";
  if (to.startsWith("lib/") && isServer(to) && !typeOnly) return "components take only models and rules from lib";
  return null;
}

function appRefusal({ to }: Import): string | null {
  if (/^(infra|tests)\//.test(to)) return "app imports nothing of infra";
  if (/^lib\/adapters\//.test(to)) return "app reaches the outside world by services";
  if (/^lib\/access\//.test(to) && !/^lib\/access\/(endpoint|session|service|model|loops)(\/|$)/.test(to)) return "app knows of access only endpoint, session, service and model";
  return null;
}
