// Keeps the connections what they should be: the contexts of the server's own KUBECONFIG, which may come and change, and the clusters in the database.
import "server-only";
import { createHash } from "node:crypto";
import { access, readFile } from "node:fs/promises";
import path from "node:path";
import { inClusterKubeconfig, serviceAccountFolder } from "@/lib/adapters/kubernetes/in-cluster";
import { parseKubeconfig } from "@/lib/adapters/kubernetes/kubeconfig";
import { decrypt } from "@/lib/access/secret";
import { systemClock } from "@/lib/base/clock";
import { env } from "@/lib/base/env";
import { causeText } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { database } from "@/lib/runtime";
import { closeAll, reconcile, type Wanted } from "./connections";
import { toSlug } from "./model";

const lookEveryMs = 1000;

const digestOf = (...parts: string[]): string => createHash("sha256").update(JSON.stringify(parts)).digest("hex");

/** Runs until the signal; then every connection is closed. */
export function startClusterLoops(signal: AbortSignal): void {
  void followEnvironment(signal).finally(closeAll);
  void connectStored().catch((cause: unknown) => log.error({ cause: causeText(cause) }, "the stored clusters could not be connected"));
}

/** The text of the server's own kubeconfig; "" while there is none. */
async function ownKubeconfig(): Promise<string> {
  const { KUBECONFIG: file, KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env();
  if (file) return readFile(file, "utf8").catch(() => "");
  if (!host) return "";
  const mounted = await access(`${serviceAccountFolder}/token`).then(() => true, () => false);
  return mounted ? inClusterKubeconfig({ host, port, folder: serviceAccountFolder }) : "";
}

async function followEnvironment(signal: AbortSignal): Promise<void> {
  const possible = env().KUBECONFIG ?? env().KUBERNETES_SERVICE_HOST;
  let before = "";
  let said = "";
  while (possible && !signal.aborted) {
    const text = await ownKubeconfig();
    if (text !== before) {
      before = text;
      await connectContexts(text).catch((cause: unknown) => {
        if (causeText(cause) !== said) log.error({ cause: causeText(cause) }, "KUBECONFIG cannot be used");
        said = causeText(cause);
      });
    }
    await systemClock.sleep(lookEveryMs, signal);
  }
  if (!possible) await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

async function connectContexts(text: string): Promise<void> {
  if (text === "") return reconcile("environment", []);
  const { contexts } = parseKubeconfig(text, { trusted: true });
  const directory = path.dirname(env().KUBECONFIG ?? "");
  const titles = await storedTitles();
  await reconcile("environment", contexts.map(({ name }): Wanted => ({
    slug: toSlug(name), title: titles.get(toSlug(name)) ?? name, source: "environment", digest: digestOf(text, name), access: { kubeconfig: text, context: name, trusted: true, directory },
  })));
}

/** Titles that people gave; without the database a cluster is called what its context is. */
async function storedTitles(): Promise<Map<string, string>> {
  const rows = await database().cluster.findMany({ select: { slug: true, title: true } }).catch(() => []);
  return new Map(rows.map(({ slug, title }) => [slug, title]));
}

/** Called at start and after each change of a stored cluster. One that cannot be unsealed is logged and left out. */
export async function connectStored(): Promise<void> {
  const rows = await database().cluster.findMany({ where: { source: "uploaded" } });
  const wanted = rows.flatMap(({ slug, title, kubeconfig }): Wanted[] => {
    if (kubeconfig === null) return [];
    try {
      const text = decrypt("kubeconfig", slug, kubeconfig);
      return [{ slug, title, source: "uploaded", digest: digestOf(text), access: { kubeconfig: text, trusted: false } }];
    } catch (cause) {
      log.error({ cluster: slug, cause: causeText(cause) }, "a stored kubeconfig cannot be opened");
      return [];
    }
  });
  await reconcile("uploaded", wanted);
}
