// Which Prometheus a cluster is asked about: what is set for it, else what runs in it.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { createClient } from "@/lib/adapters/kubernetes/client";
import type { Ask } from "@/lib/adapters/kubernetes/transport";
import { openPrometheus } from "@/lib/adapters/prometheus/client";
import { knownServices, prometheusAddress } from "@/lib/metrics/prometheus-address";

const services = [{ namespace: "z", name: "prometheus-server" }, { namespace: "monitoring", name: "prometheus-operated" }, { namespace: "b", name: "prometheus-operated" }, { namespace: "a", name: "grafana" }];
const facts = { setting: "", isFirst: false, services };

describe("the address of a cluster's Prometheus", () => {
  it.each([
    ["prod", { ...facts, setting: "http://prom:9090", isFirst: true }, { url: "http://prom:9090" }],
    ["other", { ...facts, setting: "http://prom:9090" }, { service: { namespace: "b", name: "prometheus-operated", port: 9090 } }],
    ["prod", { ...facts, setting: "prod=http://one:1, other=http://two:2" }, { url: "http://one:1" }],
    ["other", { ...facts, setting: "prod=http://one:1 other=service:metrics/thanos:10902" }, { service: { namespace: "metrics", name: "thanos", port: 10902 } }],
    ["third", { ...facts, setting: "prod=http://one:1", isFirst: true }, { service: { namespace: "b", name: "prometheus-operated", port: 9090 } }],
    ["prod", { ...facts, services: [{ namespace: "z", name: "prometheus-server" }] }, { service: { namespace: "z", name: "prometheus-server", port: 80 } }],
  ])("of %s is what is set for it alone, else a Service of a usual name (%#)", (cluster, given, address) => expect(prometheusAddress(cluster, given)).toEqual(address));

  it.each([["none", "has no Prometheus"], ["nonsense", "neither a URL nor"]])("says why there is none: %s", (said, words) => {
    expect(prometheusAddress("prod", { ...facts, setting: `prod=${said}` })).toEqual({ none: expect.stringContaining(words) });
  });

  it("says how to set one where nothing is known", () => {
    expect(prometheusAddress("prod", { setting: "", isFirst: true, services: [] })).toEqual({ none: expect.stringContaining("PROMETHEUS_URL=prod=") });
  });

  it("is allowed by the console's role for just the Services that are looked for", () => {
    const documents: unknown[] = parseAllDocuments(readFileSync("infra/kubernetes/console-role.yaml", "utf8")).map((one) => one.toJS());
    expect(documents).toContainEqual(expect.objectContaining({ kind: "ClusterRole", rules: [{ apiGroups: [""], resources: ["services/proxy"], resourceNames: knownServices.map(({ name, port }) => `${name}:${port}`), verbs: ["get"] }] }));
  });
});

function through(status: number, body: string) {
  const asked: Ask[] = [];
  const client = createClient({
    server: "https://api", credentials: null, closing: new AbortController().signal,
    transport: { close: () => undefined, ask: (ask) => (asked.push(ask), Promise.resolve({ status, retryAfterMs: null, discard: () => undefined, body: (async function* () { yield Buffer.from(body); })() })) },
  });
  const prometheus = openPrometheus((path, { body: form, signal }) => client.askService({ namespace: "monitoring", name: "prometheus", port: 9090, path: form ? `${path}?${form}` : path, signal }));
  return { asked, prometheus };
}

describe("Prometheus through the API server", () => {
  it("is asked by GET at the Service's proxy, and answers as at its own address", async () => {
    const { asked, prometheus } = through(200, '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"b"},"value":[1,"2"]}]}}');
    expect((await prometheus.query("up{a=\"b\"}")).series).toEqual([{ labels: { a: "b" }, at: 1000, value: 2 }]);
    expect(asked.map(({ path, method = "GET" }) => [method, path.slice(0, path.indexOf("&"))])).toEqual([["GET", "/api/v1/namespaces/monitoring/services/prometheus%3A9090/proxy/api/v1/query?query=up%7Ba%3D%22b%22%7D"]]);
  });

  it.each([
    [403, { kind: "Status", message: "services \"prometheus:9090\" is forbidden" }, "quarterdeck-metrics"],
    [503, { kind: "Status", message: "no endpoints available for service" }, "no endpoints available"],
  ])("a refusal (%i) is told in the API server's words, and is no fault of the viewer", async (status, body, words) => {
    await expect(through(status, JSON.stringify(body)).prometheus.query("up")).rejects.toMatchObject({ code: "unavailable", say: expect.stringContaining(words) });
  });

  it("what Prometheus itself refuses is told as Prometheus' own", async () => {
    await expect(through(400, '{"status":"error","errorType":"bad_data","error":"parse error"}').prometheus.query("up(")).rejects.toMatchObject({ code: "invalid", say: expect.stringContaining("parse error") });
  });
});
