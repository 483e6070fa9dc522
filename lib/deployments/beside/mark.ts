// What a stepped canary leaves on its stable Deployment: whose it is, what was there before, what was decided. Kept in the cluster, so that whoever finds it knows.
import { z } from "zod";

export const markAnnotation = "quarterdeck.dev/canary";
/** On the canary's Deployment and its pods: the stable Deployment's name. */
export const besideLabel = "quarterdeck.dev/canary-of";
export const jobLabel = "quarterdeck.dev/job";

/** The backends of an Ingress that were turned to an action, each as it was. */
export const albMark = z.object({
  ingress: z.string(),
  service: z.string(),
  canaryService: z.string(),
  port: z.number(),
  backends: z.array(z.object({ rule: z.number(), path: z.number(), port: z.record(z.string(), z.unknown()) })),
});
export type AlbMark = z.infer<typeof albMark>;

export const decisions = ["", "promote", "abort"] as const;
export const mark = z.object({
  job: z.string(),
  canary: z.string(),
  container: z.string(),
  image: z.string(),
  fromImage: z.string(),
  /** Of the stable Deployment before. */
  replicas: z.number(),
  /** Of the stable template: what was judged against, and what is promoted from. */
  digest: z.string(),
  alb: albMark.nullable(),
  decision: z.enum(decisions),
  say: z.string(),
});
export type Mark = z.infer<typeof mark>;

/** Null where there is none; "broken" where somebody wrote something else under its name. */
export function readMark(annotations: Readonly<Record<string, string>>): Mark | null | "broken" {
  const text = annotations[markAnnotation];
  if (text === undefined) return null;
  try {
    return mark.safeParse(JSON.parse(text)).data ?? "broken";
  } catch {
    return "broken";
  }
}

export const canaryName = (workload: string): string => `${workload.slice(0, 56).replace(/[-.]+$/, "")}-canary`;
