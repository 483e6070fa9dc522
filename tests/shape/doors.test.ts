// Every way into the server goes through a verb or a feed, so that permission, schema and audit cannot be forgotten.
import { describe, expect, it } from "vitest";
import { isCode, listFiles, parseSource, readSource, type Source } from "./tree";

/** Routes that serve before anybody is known, each with its reason. */
const openDoors: Record<string, string> = {
  "app/api/healthz/route.ts": "says only that the console serves",
  "app/api/readyz/route.ts": "says only whether the console can serve",
  "app/api/auth/[...all]/route.ts": "sign-in itself; what it exposes is held by a flow test",
};

/** Endpoints made in a service for visitors who bring a one-time token, and for senders whose delivery proves itself. */
const visitorDoors = new Set(
  listFiles().filter((file) => /^lib\/.*service.*\.ts$/.test(file)).flatMap((file) => [...readSource(file).text.matchAll(/export const (\w+) = (?:visitor|delivery)Endpoint\(/g)].map(([, name = ""]) => name)),
);

const handlers = /export (?:const|async function|function) (GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b([^\n]*)/g;

function unguarded({ file, text }: Pick<Source, "file" | "text">): string[] {
  if (file in openDoors) return [];
  const found = [...text.matchAll(handlers)];
  if (found.length === 0) return [`${file}: no handler that can be read`];
  return found.flatMap(([, method, rest = ""]) => (/^\s*=\s*(endpoint|streamEndpoint|publishedEndpoint)\(/.test(rest) || visitorDoors.has(/^\s*=\s*(\w+);/.exec(rest)?.[1] ?? "") ? [] : [`${file} ${method}: not endpoint(…), streamEndpoint(…), publishedEndpoint(…) or a visitorEndpoint of a service`]));
}

const sources = listFiles().filter(isCode).filter((file) => file.startsWith("app/") || file.startsWith("lib/")).map(readSource);

describe("doors", () => {
  it("every route handler is an endpoint of a verb or feed, or of a visitor with a token of their own", () => {
    expect(sources.filter(({ file }) => /^app\/.*\/route\.ts$/.test(file)).flatMap(unguarded)).toEqual([]);
  });

  it("no server action exists", () => {
    expect(sources.filter(({ text }) => /^\s*["']use server["']/m.test(text)).map(({ file }) => file)).toEqual([]);
  });

  it("nothing writes markup past React", () => {
    expect(sources.filter(({ text }) => text.includes("dangerouslySet" + "InnerHTML")).map(({ file }) => file)).toEqual([]);
  });

  it("a bare handler is caught", () => {
    expect(unguarded(parseSource("app/api/x/route.ts", "export async function GET() { return new Response(); }\n"))).toHaveLength(1);
    expect(unguarded(parseSource("app/api/x/route.ts", "export const POST = endpoint(cordon);\n"))).toEqual([]);
  });
});
