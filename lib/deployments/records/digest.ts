// The digest of a pod template: equal for equal templates, with the mark of a restart set apart.
import "server-only";
import { createHash } from "node:crypto";
import type { TemplateId } from "../rules/change-kind";
import { canonical, plainTemplate, restartedAt, withoutRestart, type Json } from "../rules/template";

const hash = (text: string, length: number): string => createHash("sha256").update(text).digest("hex").slice(0, length);

export interface Identified extends TemplateId { template: Json }

export function identify(raw: unknown): Identified {
  const template = plainTemplate(raw);
  const core = hash(canonical(withoutRestart(template)), 40);
  const restart = restartedAt(template);
  return { template, core, digest: restart === "" ? core : `${core}.${hash(restart, 12)}` };
}

export const coreOf = (digest: string): string => digest.split(".")[0] ?? digest;
