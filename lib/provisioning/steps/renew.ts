// Renewing a cluster's certificates: the control plane's own kubeadm does it, in a pod that enters the machine for as long as that takes; then the console gets a credential that lasts as long.
import { z } from "zod";
import type { Manifest } from "@/lib/adapters/kubernetes/client";
import { AppError } from "@/lib/base/errors";
import { jobKind, type JobKind, type Outcome, type StepCtx, type StepDefinition } from "@/lib/jobs/step";
import { expiryConfigMap, tellExpiryPart, toDiskCertificates } from "../boot/certificates";
import { isControlPlane, machinesOf } from "../machines";
import { upkeepInput, type UpkeepInput } from "../model";
import { provisionKey } from "./build";
import { joinStep, joinStepName, revokeStep } from "./join";
import type { Inside, InsideTools } from "./inside";
import { answered, paced, times, type ProvisionTools } from "./tools";

type Ctx = StepCtx<InsideTools>;

/** From the project's own registry, by digest: only nsenter is used of it. */
const image = "registry.k8s.io/e2e-test-images/busybox:1.36.1-1@sha256:a9155b13325b2abef48e71de77bb8ac015412a566829f621d06bfae5c699b1b9";
const namespace = "kube-system";
export const credentialSeconds = 365 * 86_400;
/** kubeadm binds it to cluster-admin, and unlike system:masters it can be taken away. */
export const administrators = "kubeadm:cluster-admins";

/**
 * On the machine itself. A kubelet starts a static pod anew when its manifest is another; each is replaced in one move, so that
 * a machine that stops in between has whole manifests in their place.
 */
export const renewScript = (stamp: string): string => String.raw`
set -euo pipefail
${tellExpiryPart}
ready() { curl -fsS --max-time 5 --cacert /etc/kubernetes/pki/ca.crt "https://$(hostname):6443/readyz" >/dev/null 2>&1; }
kubeadm certs renew all >/dev/null
for manifest in /etc/kubernetes/manifests/*.yaml; do
  next=$(mktemp /etc/kubernetes/manifest.XXXXXX)
  sed -E '/^    quarterdeck\.dev\/renewed:/d; s|^  labels:$|&\n    quarterdeck.dev/renewed: "${stamp}"|' "$manifest" >"$next"
  chmod 600 "$next"
  mv "$next" "$manifest"
done
for turn in $(seq 1 150); do
  sleep 2
  if [ "$turn" -gt 2 ] && ready; then break; fi
done
ready
tell_expiry
`;

function renewalPod({ name, node, stamp }: { name: string; node: string; stamp: string }): Manifest & { spec: object } {
  return {
    apiVersion: "v1", kind: "Pod", metadata: { name, namespace },
    spec: {
      nodeName: node, hostPID: true, hostNetwork: true, restartPolicy: "Never", priorityClassName: "system-node-critical", tolerations: [{ operator: "Exists" }], automountServiceAccountToken: false,
      containers: [{
        name: "renew", image, command: ["nsenter", "-t", "1", "-m", "-u", "-i", "-n", "-p", "--", "bash", "-c", renewScript(stamp)],
        securityContext: { privileged: true }, terminationMessagePolicy: "FallbackToLogsOnError",
      }],
    },
  };
}

const podStatus = z.object({ status: z.object({ phase: z.string().default(""), message: z.string().default(""), containerStatuses: z.array(z.object({ state: z.object({ terminated: z.object({ message: z.string().default("") }).nullish() }).default({}) })).default([]) }).default({ phase: "", message: "", containerStatuses: [] }) });
const restarting = (ctx: Ctx, say: string): Outcome => ({ is: "waiting", afterMs: paced(ctx, times.lookAgainMs), say });

/** Which pod of this step it is: the next one only after the one before has failed, so that two never renew at once. */
const memory = z.object({ turn: z.int() });
const remember = (ctx: Ctx, turn: number): Promise<void> => ctx.save({ done: 0, total: 1, items: [], memory: { turn } });

/** The pod's name is the intent: after a crash the same is looked for. */
function renewStep(machine: string, needs: readonly string[]): StepDefinition<InsideTools> {
  return {
    name: `renew/${machine}`, title: `Renew the certificates on ${machine}`, needs, lane: "machines", chain: machine, alike: "renew", expectMs: 60_000, patience: { ms: 15 * 60_000, then: "failed" },
    check: () => Promise.resolve(null),
    run: (ctx) => answered(() => throughRestart(ctx, () => renew(ctx, machine)))(ctx),
  };
}

/** An API server that starts anew is away for a while, and then for a moment knows no account's rights yet. */
async function throughRestart(ctx: Ctx, act: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await act();
  } catch (thrown) {
    if (thrown instanceof AppError && ["unavailable", "forbidden"].includes(thrown.code)) return restarting(ctx, `The API server starts anew with its new certificates. It last said: ${thrown.say}`);
    throw thrown;
  }
}

async function renew(ctx: Ctx, machine: string): Promise<Outcome> {
  const client = ctx.tools.inside.client();
  if (!client) return restarting(ctx, "The cluster is not connected yet.");
  const turn = memory.safeParse(ctx.progress?.memory).data?.turn ?? 1;
  const name = `quarterdeck-renew-${machine}-${ctx.job}-${turn}`;
  const ref = { apiVersion: "v1", kind: "Pod", namespace, name };
  const found = await client.find(ref);
  if (found === null) {
    ctx.assertOwner();
    await client.apply(renewalPod({ name, node: machine, stamp: `${ctx.job}-${turn}` }));
    ctx.log(`The pod ${namespace}/${name} runs kubeadm certs renew all on ${machine}.`);
    return restarting(ctx, `kubeadm renews on ${machine}.`);
  }
  const { phase, message, containerStatuses } = podStatus.parse(found).status;
  if (phase !== "Succeeded" && phase !== "Failed") return restarting(ctx, phase === "Running" ? `kubeadm renews on ${machine}.` : `The pod ${name} is not running yet.`);
  const said = [message, ...containerStatuses.map(({ state }) => state.terminated?.message ?? "")].filter((text) => text !== "").join("\n").trim();
  const until = toDiskCertificates(await client.find(expiryConfigMap)).filter(({ machine: on, authority }) => on === machine && !authority).map(({ until: at }) => at);
  ctx.assertOwner();
  await client.remove(ref);
  if (phase === "Failed") {
    await remember(ctx, turn + 1);
    for (const line of said.split("\n").slice(-20)) ctx.log(line, "error");
    return { is: "failed", code: "renew", userError: false, say: `kubeadm could not renew on ${machine}: ${said.split("\n").at(-1) ?? "it said nothing"}. The last lines are in the log; what it has not renewed is good for as long as before.` };
  }
  if (until.length === 0) return { is: "degraded", say: `Renewed, but ${machine} did not tell until when its certificates are good.` };
  return { is: "done", say: `The certificates on ${machine} are good until ${new Date(Math.min(...until)).toISOString().slice(0, 10)}.` };
}

function credentialStep(needs: readonly string[]): StepDefinition<InsideTools> {
  return {
    name: "credential", title: "Get the console a new credential", needs, lane: "cluster", expectMs: 2_000, patience: { ms: 15 * 60_000, then: "failed" },
    check: () => Promise.resolve(null),
    run: (ctx) => answered(() => throughRestart(ctx, async (): Promise<Outcome> => {
      const client = ctx.tools.inside.client();
      if (!client) return restarting(ctx, "The cluster is not connected yet.");
      ctx.assertOwner();
      const { kubeconfig, until } = await client.issueKubeconfig({ cluster: ctx.tools.cluster, user: "quarterdeck:console", group: administrators, seconds: credentialSeconds });
      await ctx.tools.connect(kubeconfig);
      return { is: "done", say: `The console's own certificate is good until ${new Date(until).toISOString().slice(0, 10)}.` };
    }))(ctx),
  };
}

export interface UpkeepKind { tools(input: UpkeepInput): ProvisionTools; inside(input: UpkeepInput): Inside }

const common = { input: upkeepInput, key: ({ cluster }: UpkeepInput) => provisionKey(cluster), cluster: ({ cluster }: UpkeepInput) => cluster, afterFailure: "ask" as const };

/** One machine after another, so that of several control planes one always answers. */
export function renewKindOver({ tools, inside }: UpkeepKind): JobKind {
  return jobKind<UpkeepInput, InsideTools>({
    ...common, kind: "cluster.renew-certificates", title: ({ cluster }) => `Renew the certificates of ${cluster}`,
    tools: (input) => ({ ...tools(input), inside: inside(input) }),
    steps({ blueprint }) {
      const machines = machinesOf(blueprint).filter(isControlPlane).map(({ name }) => name);
      return [...machines.map((machine, at) => renewStep(machine, at === 0 ? [] : [`renew/${machines[at - 1] ?? ""}`])), credentialStep([`renew/${machines.at(-1) ?? ""}`])];
    },
    stopped: () => "Stopped. Certificates that were not renewed are good for as long as before; a pod that has begun to renew goes on to its end.",
    succeeded: ({ cluster }) => `The certificates of ${cluster} are renewed. Kubeconfigs that were handed out before are good until they run out by themselves.`,
  });
}

export function rotateKindOver({ tools, inside }: UpkeepKind): JobKind {
  return jobKind<UpkeepInput, InsideTools>({
    ...common, kind: "cluster.rotate-join", title: ({ cluster }) => `Rotate the join material of ${cluster}`,
    tools: (input) => ({ ...tools(input), inside: inside(input) }),
    steps: () => [joinStep([]), revokeStep([joinStepName])],
    stopped: () => "Stopped. Older tokens may still be good for joining.",
    succeeded: ({ cluster }) => `Only the newest token joins ${cluster} now.`,
  });
}
