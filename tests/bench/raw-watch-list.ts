// The plainest reader of all pods: one WatchList stream to its bookmark, a JSON.parse per event, nothing kept. Prints what it took.
import { readFileSync } from "node:fs";
import https from "node:https";
import { parse } from "yaml";

const [kubeconfigPath = ""] = process.argv.slice(2);
const config = parse(readFileSync(kubeconfigPath, "utf8"));
const decoded = (text: string) => Buffer.from(text, "base64");
const { server, "certificate-authority-data": ca } = config.clusters[0].cluster;
const { "client-certificate-data": cert, "client-key-data": key } = config.users[0].user;
const path = "/api/v1/pods?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
const begun = performance.now();

https.get(new URL(path, server), { ca: decoded(ca), cert: decoded(cert), key: decoded(key), headers: { accept: "application/json" } }, (response) => {
  let rest = "";
  let pods = 0;
  let bytes = 0;
  response.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    const lines = (rest + chunk.toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const event = JSON.parse(line);
      if (event.type === "ADDED") pods += 1;
      else if (event.object?.metadata?.annotations?.["k8s.io/initial-events-end"] === "true") {
        process.stdout.write(`${JSON.stringify({ pods, bytes, tookMs: performance.now() - begun })}\n`);
        process.exit(0);
      }
    }
  });
  response.on("end", () => process.exit(1));
}).on("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
