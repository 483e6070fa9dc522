// What a look brought that a person should read: a metric that passed or failed, traffic that does not come, the service ill or well again.
import "server-only";
import type { Database } from "@/lib/adapters/database/client";
import type { Mood } from "@/lib/notices/model";
import type { Verdict } from "../model";
import type { Run } from "./kept";

export interface Line { mood: "pass" | "fail" | "undecided" | "hold"; say: string }

export function newsOf(before: Verdict | null, now: Verdict): Line[] {
  const lines: Line[] = [];
  for (const metric of now.metrics) {
    const was = before?.metrics.find(({ name }) => name === metric.name)?.state ?? "undecided";
    if (metric.state === was) continue;
    if (metric.state === "pass" || metric.state === "fail") lines.push({ mood: metric.state, say: metric.reason.say });
    else if (metric.state === "no-data") lines.push({ mood: "undecided", say: metric.reason.say });
  }
  const ill = now.guard.state === "burning" || now.guard.state === "clearing";
  if (now.guard.state !== (before?.guard.state ?? "clear") && (ill || before?.guard.state === "burning" || before?.guard.state === "clearing")) {
    lines.push(ill ? { mood: "hold", say: now.reasons.find(({ code }) => code.startsWith("guard"))?.say ?? "The whole service is ill" } : { mood: "undecided", say: "The service is well again" });
  }
  if (now.share.state !== (before?.share.state ?? "unknown") && (now.share.state === "none" || now.share.state === "less")) lines.push({ mood: "hold", say: now.reasons.find(({ code }) => code.endsWith("traffic"))?.say ?? "The canary gets less traffic than is wanted" });
  if (now.word !== (before?.word ?? "undecided") || (now.ended && before?.ended !== true && now.word === "undecided")) lines.push({ mood: now.word, say: `${now.word.toUpperCase()}: ${now.sentence}` });
  return lines;
}

export function canaryHref({ cluster, namespace, workload }: Pick<Run, "cluster" | "namespace" | "workload">): string {
  return `/clusters/${encodeURIComponent(cluster)}/canary/${encodeURIComponent(namespace)}/${encodeURIComponent(workload)}`;
}

/** In the console's bell, for whoever looks. */
export async function tell(db: Database, run: Run, { mood, title, say }: { mood: Mood; title: string; say: string }): Promise<void> {
  await db.notice.create({ data: { mood, title, say, href: canaryHref(run), source: `canary:${run.id}` } });
}
