// Clusters by kubeconfig, end to end: refused, tried, sealed, renamed, removed; and what KUBECONFIG names.
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Server } from "node:https";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import * as one from "@/app/api/clusters/[cluster]/route";
import * as clusters from "@/app/api/clusters/route";
import * as tryOut from "@/app/api/clusters/test/route";
import { connectionFor } from "@/lib/clusters/connections";
import { startClusterLoops } from "@/lib/clusters/loops";
import { database } from "@/lib/runtime";
import { sayOf } from "../fixtures/callers";
import { makeCertificate } from "../fixtures/certificate";
import { useFreshDatabase, type TestServer } from "../fixtures/database";
import { signedIn } from "../fixtures/people";

const bearer = "a-secret-bearer-token-of-the-cluster";
let server: TestServer & { url: string };
let api: Server;
const certificate = makeCertificate();
let address: string;
const end = new AbortController();
let progress: object | null = null;
const world = createHttpServer((_request, response) => response.end(JSON.stringify(progress)));

const portOf = (listening: { address(): unknown }) => z.object({ port: z.number() }).parse(listening.address()).port;

/** An API server as far as being added goes: it knows one account, its version, and that it has no nodes. */
async function startApi(): Promise<void> {
  const answers: Record<string, unknown> = { "/version": { major: "1", minor: "36", gitVersion: "v1.36.3" }, "/api/v1/nodes": { kind: "NodeList", apiVersion: "v1", metadata: { resourceVersion: "1" }, items: [] } };
  api = createServer(certificate, (request, response) => {
    const found = answers[new URL(request.url ?? "/", "http://x").pathname];
    const status = request.headers.authorization !== `Bearer ${bearer}` ? 401 : found ? 200 : 404;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(status === 200 ? found : { kind: "Status", status: "Failure", code: status, message: "no" }));
  }).listen(0, "127.0.0.1");
  await once(api, "listening");
  address = `https://127.0.0.1:${portOf(api)}`;
}

const kubeconfig = (more: { server?: string; user?: object; cluster?: object; current?: string } = {}) => JSON.stringify({
  apiVersion: "v1", kind: "Config", "current-context": more.current ?? "main",
  clusters: [{ name: "c", cluster: { server: more.server ?? address, "certificate-authority-data": Buffer.from(certificate.cert).toString("base64"), ...more.cluster } }],
  users: [{ name: "u", user: more.user ?? { token: bearer } }],
  contexts: [{ name: "main", context: { cluster: "c", user: "u" } }],
});

beforeAll(async () => {
  server = await useFreshDatabase();
  await startApi();
  await once(world.listen(0, "127.0.0.1"), "listening");
  Object.assign(process.env, { KUBECONFIG: path.join(server.home, "kubeconfig"), QUARTERDECK_WORLD_URL: `http://127.0.0.1:${portOf(world)}/` });
  startClusterLoops(end.signal);
});
afterAll(async () => {
  end.abort();
  await database().$disconnect();
  await server.stop();
  api.closeAllConnections();
  api.close();
  world.close();
});

const list = z.object({ clusters: z.array(z.object({ slug: z.string(), title: z.string(), source: z.string(), state: z.string(), say: z.string() }).loose()), waitingFor: z.string().nullable(), world: z.null() });

describe("adding a cluster", () => {
  it.each([
    ["an exec plugin", { user: { exec: { command: "/bin/sh", args: ["-c", "id"] } } }, /uses exec, which is refused: it would run a program on the server/],
    ["an auth provider", { user: { "auth-provider": { name: "gcp" } } }, /auth-provider, which is refused/],
    ["a token file", { user: { tokenFile: "/etc/shadow" } }, /tokenFile, which is refused: it is a file on the server/],
    ["a client key file", { user: { "client-key": "/root/key" } }, /client-key, which is refused/],
    ["a CA file", { cluster: { "certificate-authority": "/etc/ssl/ca" } }, /certificate-authority, which is refused/],
    ["a proxy", { cluster: { "proxy-url": "http://10.0.0.1:8080" } }, /proxy-url, which is refused/],
    ["a metadata address", { server: "http://169.254.169.254" }, /link-local or metadata address/],
    ["an address without TLS", { server: "http://10.0.0.1:8080" }, /points to http:\/\/10\.0\.0\.1:8080, which is refused: without TLS/],
    ["no current context", { current: "" }, /no current-context/],
  ])("with %s is refused in words, and nothing is kept", async (_what, more, why) => {
    const { who } = await signedIn("admin");
    expect(sayOf(await who.call(clusters.POST, { slug: "bad", title: "Bad", kubeconfig: kubeconfig(more) }), 400)).toMatch(why);
    expect(sayOf(await who.call(tryOut.POST, { kubeconfig: kubeconfig(more) }), 400)).toMatch(why);
    expect(await database().cluster.count({ where: { slug: "bad" } })).toBe(0);
  });

  it("that does not answer, or does not know us, is refused with the reason", async () => {
    const { who } = await signedIn("admin");
    expect(sayOf(await who.call(clusters.POST, { slug: "far", title: "Far", kubeconfig: kubeconfig({ server: "https://127.0.0.1:1" }) }), 400)).toMatch(/not added/);
    expect(sayOf(await who.call(clusters.POST, { slug: "shut", title: "Shut", kubeconfig: kubeconfig({ user: { token: "wrong" } }) }), 400)).toMatch(/not added/);
    expect((await who.call(tryOut.POST, { kubeconfig: kubeconfig({ user: { token: "wrong" } }) })).body).toMatchObject({ ok: false, contexts: ["main"] });
    expect(await database().cluster.count()).toBe(0);
  });

  it("is for administrators, and denied to others with a record without the kubeconfig", async () => {
    for (const role of ["viewer", "operator"] as const) {
      const { who } = await signedIn(role);
      for (const answer of [await who.call(clusters.POST, { slug: "x", title: "X", kubeconfig: kubeconfig() }), await who.call(tryOut.POST, { kubeconfig: kubeconfig() }), await who.call(one.PATCH, { title: "Y" }, { params: { cluster: "x" }, method: "PATCH" }), await who.call(one.DELETE, { typed: "x" }, { params: { cluster: "x" }, method: "DELETE" })]) expect(answer.status).toBe(403);
      expect((await who.call(clusters.GET)).status).toBe(200);
    }
  });

  it("keeps it sealed, connects it, and says its version", async () => {
    const { who } = await signedIn("admin");
    expect((await who.call(tryOut.POST, { kubeconfig: kubeconfig() })).body).toMatchObject({ ok: true, version: "v1.36.3" });
    expect(await who.call(clusters.POST, { slug: "shop", title: "The shop", kubeconfig: kubeconfig() })).toMatchObject({ status: 200, body: { slug: "shop", version: "v1.36.3" } });
    const everything = JSON.stringify([await server.query(server.url, "SELECT * FROM clusters"), await server.query(server.url, "SELECT input::text, reason FROM audit_entries")]);
    expect(everything).toContain("shop");
    expect(everything).not.toContain(bearer);
    expect(list.parse((await who.call(clusters.GET)).body).clusters).toContainEqual(expect.objectContaining({ slug: "shop", title: "The shop", source: "uploaded" }));
    expect(sayOf(await who.call(clusters.POST, { slug: "shop", title: "Again", kubeconfig: kubeconfig() }), 409)).toMatch(/already a cluster shop/);
    expect(sayOf(await who.call(clusters.POST, { slug: "No Good", title: "x", kubeconfig: kubeconfig() }), 400)).toMatch(/slug/);
  });

  it("can be renamed, and removed by its typed name alone", async () => {
    const { who } = await signedIn("admin");
    const at = { params: { cluster: "shop" } };
    expect((await who.call(one.PATCH, { title: "Shop 2" }, { ...at, method: "PATCH" })).status).toBe(200);
    expect(list.parse((await who.call(clusters.GET)).body).clusters).toContainEqual(expect.objectContaining({ slug: "shop", title: "Shop 2" }));
    expect(sayOf(await who.call(one.DELETE, { typed: "sho" }, { ...at, method: "DELETE" }), 400)).toMatch(/type the cluster's short name, shop/);
    expect((await who.call(one.DELETE, { typed: "shop" }, { ...at, method: "DELETE" })).status).toBe(200);
    expect(() => connectionFor("shop")).toThrow(/No cluster is connected as shop/);
    expect((await who.call(one.DELETE, { typed: "shop" }, { ...at, method: "DELETE" })).status).toBe(404);
    expect((await who.call(one.PATCH, { title: "x" }, { ...at, method: "PATCH" })).status).toBe(404);
  });
});

describe("KUBECONFIG", () => {
  const environment = async () => list.parse((await (await signedIn("viewer")).who.call(clusters.GET)).body);
  async function until(holds: (now: z.infer<typeof list>) => boolean): Promise<z.infer<typeof list>> {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const now = await environment();
      if (holds(now) || Date.now() > deadline) return now;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  it("may come later: until then the list says what it waits for; its contexts appear and go with the file; where a server is only administrators are told", async () => {
    expect((await environment()).waitingFor).toBe("kubeconfig");
    writeFileSync(path.join(server.home, "kubeconfig"), kubeconfig());
    const there = await until((now) => now.clusters.length > 0);
    expect(there).toMatchObject({ waitingFor: null, clusters: [{ slug: "main", title: "main", source: "environment" }] });
    const { who } = await signedIn("admin");
    expect(sayOf(await who.call(one.DELETE, { typed: "main" }, { params: { cluster: "main" }, method: "DELETE" }), 409)).toMatch(/own KUBECONFIG/);
    expect((await who.call(one.PATCH, { title: "Home" }, { params: { cluster: "main" }, method: "PATCH" })).status).toBe(200);
    writeFileSync(path.join(server.home, "kubeconfig"), `${kubeconfig()}\n`);
    expect((await until((now) => now.clusters[0]?.title === "Home")).clusters).toMatchObject([{ slug: "main", title: "Home" }]);
    writeFileSync(path.join(server.home, "kubeconfig"), kubeconfig({ server: "https://127.0.0.1:1" }));
    await until((now) => now.clusters[0]?.state === "unreachable");
    const [seen] = list.parse((await (await signedIn("viewer")).who.call(clusters.GET)).body).clusters;
    expect([seen?.say, seen?.["server"]]).toEqual(["The API server cannot be reached: nothing listens at its address.", null]);
    expect(list.parse((await who.call(clusters.GET)).body).clusters[0]).toMatchObject({ say: seen?.say, server: "https://127.0.0.1:1" });
    writeFileSync(path.join(server.home, "kubeconfig"), "");
    expect((await until((now) => now.clusters.length === 0)).clusters).toEqual([]);
  });

  it("tells how far a world that comes up has come, and where its parts answer to administrators alone", async () => {
    const part = { name: "prometheus", title: "Prometheus", state: "ready", progress: null, say: "Prometheus answers at http://127.1.2.3:9090", etaMs: null };
    progress = { ready: false, parts: [part] };
    const told = async (role: "admin" | "viewer") => (await (await signedIn(role)).who.call(clusters.GET)).body;
    expect(await told("admin")).toMatchObject({ world: { ready: false, parts: [part] } });
    expect(await told("viewer")).toMatchObject({ world: { ready: false, parts: [{ ...part, say: "Prometheus answers at its address" }] } });
    progress = null;
  });
});
