// Fresh join material: a bootstrap token of its own, written where machines that boot look for it. The token is never logged and stored nowhere else.
import { z } from "zod";
import type { KubernetesClient, Manifest } from "@/lib/adapters/kubernetes/client";
import type { Outcome, StepCtx, StepDefinition } from "@/lib/jobs/step";
import { joinTokenHours } from "../boot/input";
import { joinParameter } from "../graph/identity";
import type { InsideTools } from "./inside";
import { answered, paced, patiently, times } from "./tools";

type Ctx = StepCtx<InsideTools>;

export const joinStepName = "join-material";
const secretType = "bootstrap.kubernetes.io/token";
const description = "made by Quarterdeck for nodes that join";
const home = { apiVersion: "v1", kind: "Secret", namespace: "kube-system" } as const;

const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
/** Every letter as likely as any other: bytes past the last whole round of the alphabet are thrown away. */
function randomLetters(count: number): string {
  let text = "";
  while (text.length < count) for (const byte of crypto.getRandomValues(new Uint8Array(count))) if (byte < 252 && text.length < count) text += letters.charAt(byte % letters.length);
  return text;
}

const tokenSecret = z.object({ metadata: z.object({ name: z.string(), creationTimestamp: z.string().optional() }), data: z.record(z.string(), z.string()).optional() });
const idIn = (material: string | null): string => /(?:^| )token=([a-z0-9]{6})\./.exec(material ?? "")?.[1] ?? "";

/** Ids of the bootstrap tokens that are good for joining now. */
async function tokenIds(client: KubernetesClient): Promise<string[]> {
  const secrets = await client.list({ ...home, fieldSelector: `type=${secretType}` });
  return secrets.flatMap((secret) => { const known = tokenSecret.safeParse(secret).data; return known ? [known.metadata.name.replace(/^bootstrap-token-/, "")] : []; });
}

/** The step before machines join a cluster that lives: the token of its birth has long run out. */
export function joinStep(needs: readonly string[]): StepDefinition<InsideTools> {
  return {
    name: joinStepName, title: "Make fresh join material", needs, lane: "identity", expectMs: 3_000, patience: { ms: 15 * 60_000, then: "failed" },
    check: () => Promise.resolve(null),
    run: (ctx) => answered(() => refresh(ctx))(ctx),
  };
}

async function refresh(ctx: Ctx): Promise<Outcome> {
  const { aws, cluster, ledger } = ctx.tools;
  const client = ctx.tools.inside.client();
  if (!client) return { is: "waiting", afterMs: paced(ctx, times.lookAgainMs), say: "The cluster is not connected yet." };
  const address = await privateAddress(ctx);
  if (address === null) return { is: "failed", code: "no-control-plane", userError: true, say: `The machine of ${cluster}'s control plane is not running, so no node can join. Have it started, then retry the step.` };
  const name = joinParameter(cluster);
  if (!(await ledger.living(cluster)).some(({ resource, awsId }) => resource === "ssm-parameter/join" && awsId !== null)) return { is: "failed", code: "no-parameter", userError: true, say: `The parameter ${name} is gone. Build the cluster again: its plan makes it anew.` };
  const [id, secret] = [randomLetters(6), randomLetters(16)];
  ctx.assertOwner();
  await client.apply(bootstrapToken(id, secret));
  await patiently(ctx, { verb: "change", doing: "write the join material" }, async (by) => aws.writeParameter({ name, value: `address=${address} token=${id}.${secret} hash=${await client.authorityPin()}` }, by));
  return { is: "done", say: `Machines can join for the next ${joinTokenHours} hours.` };
}

async function privateAddress({ tools: { aws, cluster, ledger }, signal }: Ctx): Promise<string | null> {
  const book = await ledger.living(cluster);
  const main = book.find(({ resource }) => resource === "control-plane/main");
  const instance = z.object({ instance: z.object({ ref: z.string() }) }).safeParse(main?.fields).data?.instance.ref;
  const id = book.find(({ resource }) => resource === instance)?.awsId;
  if (!id) return null;
  const [machine] = await aws.instances({ ids: [id] }, signal);
  return machine?.state === "running" && machine.privateIp !== "" ? machine.privateIp : null;
}

/** As kubeadm makes one: good for joining as a node, and the API server's own controllers delete it when it has run out. */
function bootstrapToken(id: string, secret: string): Manifest & { type: string; stringData: Record<string, string> } {
  return {
    apiVersion: home.apiVersion, kind: home.kind, metadata: { name: `bootstrap-token-${id}`, namespace: home.namespace }, type: secretType,
    stringData: {
      "token-id": id, "token-secret": secret, description, "expiration": new Date(Date.now() + joinTokenHours * 3_600_000).toISOString().replace(/\.\d+Z$/, "Z"),
      "usage-bootstrap-authentication": "true", "usage-bootstrap-signing": "true", "auth-extra-groups": "system:bootstrappers:kubeadm:default-node-token",
    },
  };
}

/** Every other token is revoked: whoever holds an old one joins no more. */
export function revokeStep(needs: readonly string[]): StepDefinition<InsideTools> {
  return {
    name: "revoke", title: "Revoke every older join token", needs, lane: "identity", expectMs: 2_000,
    check: () => Promise.resolve(null),
    run: (ctx) => answered(async (): Promise<Outcome> => {
      const client = ctx.tools.inside.client();
      if (!client) return { is: "waiting", afterMs: paced(ctx, times.lookAgainMs), say: "The cluster is not connected yet." };
      const current = idIn(await ctx.tools.aws.parameterValue(joinParameter(ctx.tools.cluster), ctx.signal));
      const old = (await tokenIds(client)).filter((id) => id !== current);
      for (const id of old) {
        ctx.assertOwner();
        await client.remove({ ...home, name: `bootstrap-token-${id}` });
      }
      return { is: "done", say: old.length === 0 ? "There was no other token." : `${old.length} ${old.length === 1 ? "token is" : "tokens are"} revoked.` };
    })(ctx),
  };
}
