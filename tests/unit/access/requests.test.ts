// The names under which the console counts its own answers.
import { describe, expect, it } from "vitest";
import { routeOf } from "@/lib/access/requests";

describe("the name of a route", () => {
  it.each([
    ["/api/jobs", {}, "/api/jobs"],
    ["/api/jobs/job-7", { id: "job-7" }, "/api/jobs/[id]"],
    ["/api/clusters/nodes/nodes/nodes/drain", { cluster: "nodes", node: "nodes" }, "/api/clusters/[cluster]/[node]/nodes/drain"],
    ["/api/clusters/a%20b/status", { cluster: "a b" }, "/api/clusters/[cluster]/status"],
    ["/api/auth/sign-in/whatever", { all: ["sign-in", "whatever"] }, "/api/auth/[all]"],
    ["/api/jobs/x", { id: "y" }, "/api/jobs/x"],
  ])("of %s with %j is %s", (path, params, name) => expect(routeOf(path, params)).toBe(name));
});
