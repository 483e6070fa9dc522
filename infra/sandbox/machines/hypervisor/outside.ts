// What a machine reaches beyond its VPC: AWS' endpoints and two package repositories, by their real names, over TLS that it trusts.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { stringify } from "yaml";

const repositories = ["pkgs.k8s.io", "download.docker.com"] as const;
const services = ["ssm", "sts", "ec2"] as const;

export interface Outside {
  names: readonly string[];
  authority: string;
  server: Server;
}

function run(kubeadm: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(kubeadm, [...args], { timeout: 60_000 }, (error, _stdout, stderr) => (error === null ? resolve() : reject(new Error(stderr.trim().split("\n").slice(-2).join(" ")))));
  });
}

/** kubeadm can make an authority and a server's certificate, which is all that is needed; nothing else in the sandbox can. */
async function ensureCertificates(input: { kubeadm: string; dir: string; names: readonly string[]; kubernetesVersion: string }): Promise<void> {
  const marker = join(input.dir, "made-for");
  if (existsSync(marker) && readFileSync(marker, "utf8") === input.names.join(" ")) return;
  mkdirSync(input.dir, { recursive: true, mode: 0o700 });
  const settings = join(input.dir, "kubeadm.yaml");
  writeFileSync(settings, [
    { apiVersion: "kubeadm.k8s.io/v1beta4", kind: "InitConfiguration", localAPIEndpoint: { advertiseAddress: "198.18.0.1" }, nodeRegistration: { name: "outside" } },
    { apiVersion: "kubeadm.k8s.io/v1beta4", kind: "ClusterConfiguration", kubernetesVersion: input.kubernetesVersion, certificatesDir: input.dir, apiServer: { certSANs: input.names } },
  ].map((document) => stringify(document)).join("---\n"));
  for (const phase of ["ca", "apiserver"]) await run(input.kubeadm, ["init", "phase", "certs", phase, "--config", settings]);
  writeFileSync(marker, input.names.join(" "));
}

/** A repository is asked for its key alone: packages are put in place by the machine's own apt-get. */
function repository(path: string): string | null {
  return /\/(Release\.key|gpg)$/.test(path) ? "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nc2FuZGJveA==\n-----END PGP PUBLIC KEY BLOCK-----\n" : null;
}

export async function openOutside(input: { kubeadm: string; dir: string; region: string; kubernetesVersion: string; amazon: RequestListener }): Promise<Outside> {
  const names = [...repositories, ...services.map((service) => `${service}.${input.region}.amazonaws.com`)];
  await ensureCertificates({ ...input, names });
  const read = (file: string): string => readFileSync(join(input.dir, file), "utf8");
  const server = createServer({ cert: read("apiserver.crt"), key: read("apiserver.key") }, (request, response) => {
    const host = (request.headers.host ?? "").replace(/:443$/, "");
    if (host.endsWith(".amazonaws.com")) return void input.amazon(request, response);
    const content = repositories.some((name) => name === host) ? repository(request.url ?? "") : null;
    response.writeHead(content === null ? 404 : 200, { "content-type": "text/plain" }).end(content ?? "");
  });
  return { names, authority: read("ca.crt"), server };
}
