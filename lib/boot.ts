// The top of the server: accounts and links, cluster connections, the job worker; ends streams and work on SIGTERM.
import "server-only";
import { startDenialCount } from "@/lib/access/denials";
import { ensureSetUpLink, seedAccounts } from "@/lib/access/service";
import { causeText } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { startCanaryLoops } from "@/lib/canary/loops";
import { offerCanaryTopics } from "@/lib/canary/service/live";
import { stepAnalyst } from "@/lib/canary/service/step-analyst";
import { stepperKind } from "@/lib/canary/steps/stepper";
import { startClusterLoops } from "@/lib/clusters/loops";
import { startDeploymentLoops } from "@/lib/deployments/loops";
import { offerDeploymentTopics } from "@/lib/deployments/records/live";
import { offerHealthTopics, startDiagnosis } from "@/lib/diagnostics/loops";
import { offerJobTopics } from "@/lib/jobs/live";
import { startJobWorker } from "@/lib/jobs/worker";
import { startNoticeLoops } from "@/lib/notices/loops";
import { offerNoticeTopic } from "@/lib/notices/service";
import { offerPlacementTopics } from "@/lib/placement/service/live";
import { drainKind } from "@/lib/placement/steps/drain";
import { provisioningKinds } from "@/lib/provisioning/kinds";
import { offerRouteTopics } from "@/lib/routes/service/live";
import { ending, keep } from "@/lib/runtime";
import { startStatusLoop } from "@/lib/status/loops";

/** Runs once per process; what fails is logged and does not keep the rest from starting. */
export function boot(): Promise<void> {
  return keep("boot.once", begin);
}

async function begin(): Promise<void> {
  const end = ending();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => end.abort());
  process.on("unhandledRejection", (cause) => log.error({ cause: causeText(cause) }, "a promise was rejected and nobody listened"));
  await attempt("accounts", async () => {
    await seedAccounts();
    const setUpLink = await ensureSetUpLink();
    if (setUpLink) log.info({ setUpLink }, "no administrator yet: open the link to make the first");
  });
  startDenialCount();
  offerPlacementTopics();
  offerJobTopics();
  offerDeploymentTopics();
  offerNoticeTopic();
  void startNoticeLoops(end.signal);
  offerRouteTopics();
  offerHealthTopics();
  offerCanaryTopics();
  await attempt("clusters", async () => startClusterLoops(end.signal));
  await attempt("deployments", async () => startDeploymentLoops(end.signal));
  await attempt("canaries", async () => void startCanaryLoops(end.signal));
  await attempt("diagnosis", async () => startDiagnosis(end.signal));
  await attempt("status", async () => startStatusLoop(end.signal));
  await attempt("jobs", async () => startJobWorker({ kinds: [drainKind, ...provisioningKinds(), stepperKind(stepAnalyst())], signal: end.signal }));
}

async function attempt(what: string, work: () => Promise<unknown>): Promise<void> {
  await work().catch((cause: unknown) => log.error({ what, cause: causeText(cause) }, `${what} did not start`));
}
