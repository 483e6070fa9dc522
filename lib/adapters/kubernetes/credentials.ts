// Who we are to an API server: TLS and headers from a kubeconfig, kept for seconds, renewed when refused.
import "server-only";
import { createHash } from "node:crypto";
import { lookup as resolveName, type LookupAddress } from "node:dns";
import type http from "node:http";
import type https from "node:https";
import { KubeConfig } from "@kubernetes/client-node";
import { AppError, causeText } from "@/lib/base/errors";
import { isLinkLocal } from "./addresses";
import { chooseContext, parseKubeconfig } from "./kubeconfig";

export interface ClusterAccess {
  /** YAML text. */
  kubeconfig: string;
  context?: string;
  /** The server's own KUBECONFIG: exec plugins and files are allowed. */
  trusted: boolean;
  /** Where relative file names of a trusted kubeconfig start. */
  directory?: string;
  /** The person has said that the server's certificate need not be checked. */
  insecure?: boolean;
}

export interface Identity {
  tls: https.AgentOptions;
  headers: Readonly<Record<string, string>>;
  /** A proxy's agent, only for a trusted kubeconfig with proxy-url. */
  agent: http.Agent | null;
  /** Changes when a new agent is needed. */
  fingerprint: string;
}

export interface Credentials {
  server: URL;
  identity(): Promise<Identity>;
  /** Forget what was refused; false when there is nothing that could be different. */
  renew(): boolean;
  /** The client certificate in PEM, when that is how we say who we are. */
  clientCertificate(): Promise<string | null>;
}

const keepMs = 10_000;

/** Throws an AppError with a sentence when the kubeconfig cannot be used. */
export function createCredentials(access: ClusterAccess, now: () => number): Credentials {
  const parsed = parseKubeconfig(access.kubeconfig, { trusted: access.trusted, allowInsecure: access.insecure ?? false });
  const context = chooseContext(parsed, access.context);
  let config = load(access, parsed.safe, context.name);
  let kept: { at: number; identity: Promise<Identity> } | null = null;
  let renewedAt = 0;

  const identity = (): Promise<Identity> => {
    if (kept && now() - kept.at < keepMs) return kept.identity;
    const fresh = identify(config, access.trusted);
    kept = { at: now(), identity: fresh };
    fresh.catch(() => {
      kept = null;
    });
    return fresh;
  };
  return {
    server: new URL(context.server),
    identity,
    renew() {
      if (!access.trusted || now() - renewedAt < keepMs) return false;
      renewedAt = now();
      config = load(access, parsed.safe, context.name);
      kept = null;
      return true;
    },
    clientCertificate: async () => {
      const { cert } = (await identity()).tls;
      return typeof cert === "string" ? cert : Buffer.isBuffer(cert) ? cert.toString("utf8") : null;
    },
  };
}

function load(access: ClusterAccess, safe: string, context: string): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromString(access.trusted ? access.kubeconfig : safe);
    if (access.trusted && access.directory) config.makePathsAbsolute(access.directory);
  } catch (thrown) {
    throw new AppError("invalid", `The kubeconfig cannot be read: ${causeText(thrown)}.`, thrown);
  }
  config.setCurrentContext(context);
  return config;
}

async function identify(config: KubeConfig, trusted: boolean): Promise<Identity> {
  const options: https.RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (thrown) {
    throw new AppError("signed-out", `The kubeconfig's credentials cannot be had: ${causeText(thrown) || "its credential command failed"}.`, thrown);
  }
  const { ca, cert, key, passphrase, rejectUnauthorized, servername, auth } = options;
  const tls: https.AgentOptions = {
    ca, cert, key, ...(passphrase === undefined ? {} : { passphrase }), ...(servername === undefined ? {} : { servername }),
    rejectUnauthorized: rejectUnauthorized ?? true, ...(trusted ? {} : { lookup: guardedLookup }),
  };
  const headers = Object.fromEntries(Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]));
  if (auth) headers["authorization"] = `Basic ${Buffer.from(auth).toString("base64")}`;
  const agent = trusted && config.getCurrentCluster()?.proxyUrl && typeof options.agent === "object" ? options.agent : null;
  const fingerprint = createHash("sha256").update(JSON.stringify([ca, cert, key, servername, rejectUnauthorized].map(String))).digest("base64");
  return { tls, headers, agent, fingerprint };
}

type Resolved = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** A name that leads to a link-local address (a cloud's metadata service) is refused at the moment of connecting, whatever it led to when it was checked. */
function guardedLookup(hostname: string, options: object, done: Resolved): void {
  resolveName(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, "");
    if (addresses.some((one) => isLinkLocal(one.address))) return done(new AppError("invalid", "The server's name leads to a link-local address, which is refused."), "");
    const [first] = addresses;
    if ("all" in options && options.all === true) return done(null, addresses);
    return first ? done(null, first.address, first.family) : done(new Error(`${hostname} has no address`), "");
  });
}
