// The way from this host into a cluster that began on a machine: its administrator's, through a socket that only this user may open.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { ApiClient } from "../../control-plane/api-client.ts";
import { textAt, type Json } from "../../json.ts";

export interface ControlPlane { api: ApiClient }

export interface ControlPlaneInput {
  privateIp: string;
  kubeconfig: string;
  /** Takes a connection on to the API server. */
  carry: (socket: Socket) => void;
  then: (controlPlane: ControlPlane) => { stop(): void };
}

const decoded = (text: string): string => Buffer.from(text, "base64").toString("utf8");

export function openControlPlane({ privateIp, kubeconfig, carry, then }: ControlPlaneInput): { stop(): void } {
  const folder = mkdtempSync(join(tmpdir(), "quarterdeck-api-"));
  const path = join(folder, "api.sock");
  const config: Json = parse(kubeconfig);
  const user = (name: string): string => decoded(textAt(config, "users", 0, "user", name));
  const api = new ApiClient(privateIp, { ca: decoded(textAt(config, "clusters", 0, "cluster", "certificate-authority-data")), cert: user("client-certificate-data"), key: user("client-key-data") }, path);
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    carry(socket);
  });
  server.on("error", () => undefined);
  server.listen(path);
  const inside = then({ api });
  return {
    stop() {
      inside.stop();
      api.close();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
