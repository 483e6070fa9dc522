// The only reader of the environment: parsed once by a schema, with a sentence for what does not fit.
import { z } from "zod";
import { AppError } from "./errors";

/** docs/settings.md has a row for each. */
export const settings = z.object({
  /** Where the console keeps what it generates: keys, the embedded database. */
  QUARTERDECK_HOME: z.string().default(".quarterdeck"),
  /** The address that people type; cookies, links and the origin check hang on it. */
  QUARTERDECK_URL: z.url().default("http://localhost:3000"),
  /** 32 bytes in base64: encrypts kubeconfigs at rest and signs sessions. Generated into QUARTERDECK_HOME when absent. */
  QUARTERDECK_SECRET: z.string().optional(),
  /** A file of accounts to be made when missing: [{email, name, role, password}]. */
  QUARTERDECK_SEED_ACCOUNTS: z.string().optional(),
  /** Where a world that is coming up reports its progress. */
  QUARTERDECK_WORLD_URL: z.url().optional(),
  DATABASE_URL: z.string().optional(),
  KUBECONFIG: z.string().optional(),
  /** Set by Kubernetes in every pod: without KUBECONFIG the console serves the cluster that it runs in, by its service account. */
  KUBERNETES_SERVICE_HOST: z.string().optional(),
  KUBERNETES_SERVICE_PORT: z.coerce.number().int().default(443),
  /** One URL, for the first cluster of KUBECONFIG; or cluster=address pairs, see lib/metrics/prometheus-address. */
  PROMETHEUS_URL: z.string().optional(),
  /** Where silences are, and where a chart's question can be looked at further: an address for the first cluster, or cluster=address pairs. */
  ALERTMANAGER_URL: z.string().optional(),
  GRAFANA_URL: z.string().optional(),
  /** Where add-ons come from when a blueprint names no mirror of its own; their publishers when absent. */
  QUARTERDECK_ADD_ON_MIRROR: z.url().optional(),
  AWS_ENDPOINT_URL: z.url().optional(),
  AWS_REGION: z.string().default("ap-northeast-2"),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  /** The address from which clusters on AWS see this console; they let it, and nobody unnamed, reach their API. */
  QUARTERDECK_PUBLIC_ADDRESS: z.ipv4().optional(),
  /** Where names of load balancers and hosts are looked up, such as "10.0.0.2" or "127.0.0.1:5353"; nowhere with "none"; at the machine's own resolvers when absent. */
  QUARTERDECK_DNS_SERVERS: z.string().optional(),
  QUARTERDECK_OIDC_ISSUER: z.url().optional(),
  QUARTERDECK_OIDC_CLIENT_ID: z.string().optional(),
  QUARTERDECK_OIDC_CLIENT_SECRET: z.string().optional(),
  /** Which groups of the identity provider have which role: "platform=admin,oncall=operator". Whoever is in none is refused. */
  QUARTERDECK_OIDC_ROLES: z.string().optional(),
  /** Some providers tell groups only when asked: "openid email profile groups". */
  QUARTERDECK_OIDC_SCOPES: z.string().trim().default("openid email profile"),
  QUARTERDECK_OIDC_GROUPS_CLAIM: z.string().default("groups"),
  /** The largest body that a request may have. */
  QUARTERDECK_MAX_BODY_BYTES: z.coerce.number().int().min(1024).default(1024 * 1024),
  NODE_ENV: z.string().default("development"),
});
export type Env = z.infer<typeof settings>;

let parsed: Env | undefined;

export function env(): Env {
  parsed ??= parseEnv(process.env);
  return parsed;
}

export function parseEnv(source: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = settings.safeParse(given);
  if (result.success) return result.data;
  const wrong = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
  throw new AppError("invalid", `The environment does not fit: ${wrong}. Correct or unset what is named and start again.`);
}
