// The health of a cluster: findings with cause and fix, their silences, their history, and the catalogue.
import "server-only";
import { z } from "zod";
import { feed, verb } from "@/lib/access/verb";
import { AppError } from "@/lib/base/errors";
import { connectionFor } from "@/lib/clusters/connections";
import { clusterInput } from "@/lib/placement/service/snapshot";
import { database } from "@/lib/runtime";
import { all, failureOf } from "../catalogue";
import { watchOf } from "../loops";
import { severities, type CatalogueEntry, type Finding, type HealthAnswer, type ShownFinding, type Silence } from "../model";
import { searchCatalogue } from "../search";
import { pastFindings, silencesOf } from "../store";

export const readHealth = feed({
  name: "health.read",
  permission: "cluster.read",
  input: clusterInput,
  run: async (_ctx, { cluster }): Promise<HealthAnswer> => {
    const now = Date.now();
    const [watch, silences] = await Promise.all([watchOf(cluster), silencesOf(cluster, now)]);
    const findings = watch.findings().map((one) => shown(cluster, one, silences)).toSorted((a, b) => Number(a.silence !== null) - Number(b.silence !== null) || severities.indexOf(a.severity) - severities.indexOf(b.severity) || a.since - b.since);
    return { at: now, findings, look: watch.lastLook() };
  },
});

function shown(cluster: string, one: Finding, silences: readonly Silence[]): ShownFinding {
  const failure = failureOf(one.failure);
  const silence = silences.find(({ failure: id, subject }) => id === one.failure && (subject === "" || subject === `${one.subject.kind}/${one.subject.key}`));
  return {
    ...one, cause: failure?.cause ?? "", source: failure?.source ?? "", silence: silence ?? null,
    fix: (failure?.fix ?? []).map(({ say, command, button }) => ({ say, command: command ?? null, button: button ? { label: button.label, href: button.href({ cluster, subject: one.subject }) } : null })),
  };
}

export const readHistory = feed({
  name: "health.history",
  permission: "cluster.read",
  input: clusterInput.extend({ limit: z.coerce.number().int().min(1).max(500).default(100) }),
  run: async (_ctx, { cluster, limit }) => {
    connectionFor(cluster);
    return { past: await pastFindings(cluster, limit) };
  },
});

export const readCatalogue = feed({
  name: "health.catalogue",
  permission: "cluster.read",
  input: clusterInput.extend({ text: z.string().max(50_000).default("") }),
  run: async (_ctx, { cluster, text }): Promise<{ entries: CatalogueEntry[]; of: number }> => {
    const now = (await watchOf(cluster)).findings();
    const entries = searchCatalogue(text).map(({ id, title, area, severity, symptom, cause, fix, source }) => ({ id, title, area, severity, symptom, cause, source, fix: fix.map(({ say, command }) => ({ say, command: command ?? null })), now: now.filter(({ failure }) => failure === id).length }));
    return { entries, of: all.length };
  },
});

const longestMs = 90 * 86_400_000;

export const silenceFinding = verb({
  name: "health.silence",
  permission: "health.silence",
  input: clusterInput.extend({ failure: z.string().regex(/^[FW]-\d{2}$/, "no failure of the catalogue"), subject: z.string().max(400).default(""), reason: z.string().trim().min(3, "Say why, in a few words.").max(500), endsAt: z.number().int() }),
  target: ({ cluster, failure, subject }) => ({ cluster, kind: "finding", name: subject === "" ? failure : `${failure} of ${subject}` }),
  run: async ({ actor }, { cluster, failure, subject, reason, endsAt }) => {
    connectionFor(cluster);
    const left = endsAt - Date.now();
    if (!failureOf(failure)) throw new AppError("not-found", `The catalogue has no ${failure}.`);
    if (left <= 0 || left > longestMs) throw new AppError("invalid", "A silence ends at a time to come, at most ninety days from now.");
    const { id } = await database().diagnosisSilence.create({ data: { cluster, failure, subject, reason, endsAt: new Date(endsAt), byName: actor.name } });
    return { id };
  },
});

export const endSilence = verb({
  name: "health.unsilence",
  permission: "health.silence",
  input: clusterInput.extend({ id: z.uuid() }),
  target: ({ cluster, id }) => ({ cluster, kind: "silence", name: id }),
  run: async (_ctx, { cluster, id }) => {
    const { count } = await database().diagnosisSilence.updateMany({ where: { id, cluster, endsAt: { gt: new Date() } }, data: { endsAt: new Date() } });
    if (count === 0) throw new AppError("not-found", "There is no such silence any more.");
  },
});
