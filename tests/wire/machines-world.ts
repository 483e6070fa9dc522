// What the suites of booting machines share: a hypervisor of its own, a parameter store for what machines pass on, and a cluster's API by an elastic address.
import { mkdtempSync, rmSync } from "node:fs";
import type { RequestListener } from "node:http";
import { request } from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "yaml";
import { parseJson, textAt, type Json } from "../../infra/sandbox/json";
import { startHypervisor, type HypervisorInput, type RunningHypervisor } from "../../infra/sandbox/machines/hypervisor/hypervisor";
import { machinePrograms } from "../../infra/sandbox/machines/hypervisor/vpc-process";
import { ensurePrograms } from "../../infra/sandbox/programs";

export interface ParameterStore { values: Map<string, string>; asked: { action: string; name: string; authorization: string; token: string }[]; listener: RequestListener }

/** SSM as two of its actions, for machines alone; the imitation of AWS is held to its own suite. */
export function parameterStore(): ParameterStore {
  const store: ParameterStore = {
    values: new Map(), asked: [],
    listener: (incoming, response) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (chunk: string) => { text += chunk; }).once("end", () => {
        const body = parseJson(text);
        const name = textAt(body, "Name");
        const action = String(incoming.headers["x-amz-target"]).replace("AmazonSSM.", "");
        store.asked.push({ action, name, authorization: String(incoming.headers.authorization), token: String(incoming.headers["x-amz-security-token"]) });
        if (action === "PutParameter") store.values.set(name, textAt(body, "Value"));
        const value = store.values.get(name);
        response.writeHead(value === undefined ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
        response.end(JSON.stringify(value === undefined ? { __type: "ParameterNotFound" } : { Parameter: { Name: name, Type: "SecureString", Value: value } }));
      });
    },
  };
  return store;
}

export async function hypervisorFor(input: Partial<HypervisorInput> & Pick<HypervisorInput, "amazon">): Promise<RunningHypervisor & AsyncDisposable & { troubles: string[] }> {
  const dir = mkdtempSync(path.join(tmpdir(), "quarterdeck-machines-"));
  const troubles: string[] = [];
  const hypervisor = await startHypervisor({
    programs: await ensurePrograms({ names: [...machinePrograms] }), dir, region: "ap-northeast-2", accountId: "123456789012", pace: "fast",
    mayReach: () => true,
    credentialsOf: (instanceId) => ({ Code: "Success", Type: "AWS-HMAC", LastUpdated: "2026-01-01T00:00:00Z", AccessKeyId: "ASIASANDBOX", SecretAccessKey: "secret", Token: `session-of-${instanceId}`, Expiration: "2036-01-01T00:00:00Z" }),
    onTrouble: (say) => troubles.push(say), ...input,
  });
  return Object.assign(hypervisor, { troubles, async [Symbol.asyncDispose]() { await hypervisor.close(); rmSync(dir, { recursive: true, force: true }); } });
}

export interface Answer { status: number; body: Json; text: string }

/** Asks a cluster's API server with the kubeconfig that its control plane published. */
export function askBy(kubeconfig: string, target: string, input: { method?: string; body?: Json; timeoutMs?: number; contentType?: string } = {}): Promise<Answer> {
  const config: Json = parse(kubeconfig);
  const decode = (text: string) => Buffer.from(text, "base64");
  const url = new URL(target, textAt(config, "clusters", 0, "cluster", "server"));
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: input.method ?? "GET", agent: false, timeout: input.timeoutMs ?? 60_000, headers: { "content-type": input.contentType ?? "application/json" },
      ca: decode(textAt(config, "clusters", 0, "cluster", "certificate-authority-data")), cert: decode(textAt(config, "users", 0, "user", "client-certificate-data")), key: decode(textAt(config, "users", 0, "user", "client-key-data")),
    }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => { text += chunk; }).once("error", reject);
      response.once("end", () => resolve({ status: response.statusCode ?? 0, text, body: text.startsWith("{") ? parseJson(text) : null }));
    });
    sent.once("timeout", () => sent.destroy(new Error("no answer in time")));
    sent.once("error", reject);
    sent.end(input.body === undefined ? undefined : JSON.stringify(input.body));
  });
}
