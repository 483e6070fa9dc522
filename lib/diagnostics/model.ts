// The nouns of diagnosis: a failure of the catalogue, the facts it is seen in, what was found, and what is silenced.
import { z } from "zod";

export const severities = ["critical", "warning", "info"] as const;
export type Severity = (typeof severities)[number];
export const areas = ["access", "runtime", "network", "ingress", "storage", "components", "teardown", "control plane", "queues"] as const;
export type Area = (typeof areas)[number];
export const subjectKinds = ["node", "pod", "workload", "ingress", "service", "balancer", "job", "cluster", "queue", "namespace"] as const;
export const subject = z.object({ kind: z.enum(subjectKinds), key: z.string() });
export type Subject = z.infer<typeof subject>;

/** A button where the console itself can do it: where it leads, from the subject. */
export interface Button { label: string; href: (at: { cluster: string; subject: Subject }) => string }
export interface FixStep { say: string; command?: string; button?: Button }
/** What speaks for a finding, about whom; `since` in ms where the fact says since when. */
export interface Evidence { subject: Subject; say: string; since?: number }

/** Something that was said: by the scheduler, an event, a job, a container, AWS. */
export interface Said {
  origin: "event" | "scheduler" | "condition" | "job" | "container";
  text: string;
  at: number;
  subject: Subject;
}

export const finding = z.object({
  /** The failure and whom it is about: stays the same while it lasts. */
  key: z.string(), failure: z.string(), severity: z.enum(severities), title: z.string(), area: z.enum(areas), subject, evidence: z.array(z.string()), since: z.number(), more: z.number(),
});
export type Finding = z.infer<typeof finding>;
export const silence = z.object({ id: z.string(), failure: z.string(), subject: z.string(), reason: z.string(), endsAt: z.number(), by: z.string(), at: z.number() });
export type Silence = z.infer<typeof silence>;
export const fixStep = z.object({ say: z.string(), command: z.string().nullable(), button: z.object({ label: z.string(), href: z.string() }).nullable() });
/** A finding with what the catalogue says of it, and its silence where it has one. */
export const shownFinding = finding.extend({ cause: z.string(), fix: z.array(fixStep), source: z.string(), silence: silence.nullable() });
export type ShownFinding = z.infer<typeof shownFinding>;
export const healthAnswer = z.object({
  at: z.number(), findings: z.array(shownFinding),
  /** How the last look went: when, how long it took, and what could not be asked. */
  look: z.object({ at: z.number(), tookMs: z.number(), unknown: z.array(z.string()) }),
});
export type HealthAnswer = z.infer<typeof healthAnswer>;
export const historyAnswer = z.object({ past: z.array(finding.extend({ endedAt: z.number() })) });
export const catalogueEntry = z.object({ id: z.string(), title: z.string(), area: z.enum(areas), severity: z.enum(severities), symptom: z.string(), cause: z.string(), fix: z.array(z.object({ say: z.string(), command: z.string().nullable() })), source: z.string(), now: z.number() });
export type CatalogueEntry = z.infer<typeof catalogueEntry>;

export const findingKey = (failure: string, { kind, key }: Subject): string => `${failure}/${kind}/${key}`;
