// A console that is told to end: streams close, nobody new is let in, and the process goes by itself.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { freePort, root, withoutRealThings } from "../../infra/dev/checkout";
import { startTestServer, type TestServer } from "../fixtures/database";
import { cookieFrom } from "../fixtures/sign-in";
import { until } from "../fixtures/jobs/until";

let server: TestServer;
beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server.stop());

it("ends by itself on SIGTERM, also with a browser on its stream and a cluster that it watches", async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const account = { email: "viewer@example.test", name: "Viewer", role: "viewer", password: "a word that only this test knows 7" };
  const accounts = path.join(server.home, "accounts.json");
  writeFileSync(accounts, JSON.stringify([account]), { mode: 0o600 });
  const environment = { ...withoutRealThings(process.env), NODE_ENV: "production" as const, DATABASE_URL: await server.fresh(), QUARTERDECK_HOME: server.home, QUARTERDECK_URL: url, QUARTERDECK_SEED_ACCOUNTS: accounts, KUBECONFIG: inject("kubeconfigPath"), QUARTERDECK_DNS_SERVERS: "none" };
  const child = spawn(process.execPath, [path.join(root, "node_modules/next/dist/bin/next"), "start", "-H", "127.0.0.1", "-p", String(port)], { cwd: root, env: environment, stdio: "ignore" });
  const ended = once(child, "exit");
  try {
    await until("the console to be ready", async () => ((await fetch(`${url}/api/readyz`).then(({ ok }) => ok, () => false)) ? true : null));
    const cookie = await cookieFrom(url, account);
    const stream = await fetch(`${url}/api/live?topic=placement:sesac-prod`, { headers: { cookie, accept: "text/event-stream" } });
    expect(stream.status).toBe(200);
    const reader = stream.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    child.kill("SIGTERM");
    const drained = (async () => {
      for (;;) if ((await reader?.read().catch(() => ({ done: true })))?.done !== false) return true;
    })();
    // Next says 143 when it has ended in order: by its own exit, not by the signal.
    const [code, signal] = await ended;
    expect([code, signal]).toEqual([143, null]);
    expect(await drained).toBe(true);
    await expect(fetch(`${url}/api/healthz`)).rejects.toThrow();
  } finally {
    child.kill("SIGKILL");
  }
});
