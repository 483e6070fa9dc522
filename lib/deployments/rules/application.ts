// What an Application of Argo CD tells: how it syncs, what it has synced, and which sync wrote a workload, from which commit and for whom.
import { z } from "zod";

const when = z.string().default("");
const initiator = z.looseObject({ username: z.string().max(200).default(""), automated: z.boolean().default(false) }).nullish();
export const application = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string().default("") }),
  spec: z.looseObject({ syncPolicy: z.looseObject({ automated: z.looseObject({ selfHeal: z.boolean().default(false), enabled: z.boolean().default(true) }).nullish() }).nullish() }),
  status: z.looseObject({
    history: z.array(z.looseObject({ id: z.number(), revision: z.string().default(""), deployStartedAt: when, deployedAt: when, initiatedBy: initiator })).default([]),
    operationState: z.looseObject({
      startedAt: when, finishedAt: when, operation: z.looseObject({ initiatedBy: initiator }).nullish(), syncResult: z.looseObject({ revision: z.string().default("") }).nullish(),
    }).nullish(),
  }).nullish(),
});

/** `by`: the person who asked for it; null where Argo CD did by itself, or does not say. `commit`: null where it syncs something that is no Git revision. */
export interface Sync { commit: string | null; by: string | null }

/** Kubernetes' and Argo CD's times are whole seconds. */
const slackMs = 2_000;

/** The sync in whose time the template was written (`writtenAt`, epoch ms), the newest if there are several; null: none, and nobody is guessed. */
export function syncBehind(raw: unknown, writtenAt: number): Sync | null {
  const parsed = application.safeParse(raw);
  if (!parsed.success) return null;
  const { history = [], operationState: now } = parsed.data.status ?? {};
  const syncs = [
    ...history.map(({ deployStartedAt, deployedAt, revision, initiatedBy }) => ({ from: deployStartedAt, to: deployedAt, revision, initiatedBy })),
    ...(now ? [{ from: now.startedAt, to: now.finishedAt, revision: now.syncResult?.revision ?? "", initiatedBy: now.operation?.initiatedBy }] : []),
  ].flatMap(({ from, to, ...rest }) => {
    const [start, end] = [Date.parse(from), to === "" ? Number.POSITIVE_INFINITY : Date.parse(to)];
    return start - slackMs <= writtenAt && writtenAt <= end + slackMs ? [{ start, ...rest }] : [];
  });
  const newest = syncs.toSorted((a, b) => a.start - b.start).at(-1);
  if (!newest) return null;
  const { revision, initiatedBy } = newest;
  return { commit: /^[0-9a-f]{7,64}$/i.test(revision) ? revision.toLowerCase() : null, by: initiatedBy && !initiatedBy.automated && initiatedBy.username !== "" ? initiatedBy.username : null };
}
