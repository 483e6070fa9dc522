// What kind of change a revision is: by its template, beside those that were before.
import type { ChangeKind, Outcome } from "../model";

/** A template by its digest: `core` without the mark of a restart. */
export interface TemplateId { digest: string; core: string }
export interface Earlier extends TemplateId { revision: number; outcome: Outcome }

export interface ChangeAsked {
  after: TemplateId;
  imagesAfter: readonly string[];
  /** The revision before; null when nothing is known of it. */
  before: (Earlier & { images: readonly string[] }) | null;
  /** All that is known of revisions before, in any order. */
  earlier: readonly Earlier[];
  /** Numbers under which the very same ReplicaSet was a revision before. */
  earlierNumbers: readonly number[];
}

export interface ChangeTold { change: ChangeKind; returnsTo: number | null }

const wentWrong: readonly Outcome[] = ["failed", "aborted", "rolled-back", "cancelled"];

/** Going back to what once was is a rollback, unless that had failed: then it is tried again. */
export function changeOf({ after, imagesAfter, before, earlier, earlierNumbers }: ChangeAsked): ChangeTold {
  if (before && before.digest !== after.digest && before.core === after.core) return { change: "restart", returnsTo: null };
  const same = earlier.filter(({ revision, digest }) => digest === after.digest && revision !== before?.revision).sort((a, b) => b.revision - a.revision);
  const good = same.find(({ outcome }) => !wentWrong.includes(outcome));
  if (good) return { change: "rollback", returnsTo: good.revision };
  if (same.length === 0 && earlierNumbers.length > 0) return { change: "rollback", returnsTo: Math.max(...earlierNumbers) };
  if (!before) return { change: "release", returnsTo: null };
  return { change: [...before.images].sort().join("\n") === [...imagesAfter].sort().join("\n") ? "config" : "release", returnsTo: null };
}

const otherEnvironments = /(?:^|-)(staging|stage|preview|pr-\d+|dev|develop|test|qa|sandbox)(?:-|$)/;

/** Only production counts for DORA; a label says which environment it is, else the namespace's name. */
export function environmentOf({ namespace, labels }: { namespace: string; labels: Readonly<Record<string, string>> }): string {
  const said = labels["environment"] ?? labels["app.kubernetes.io/environment"] ?? labels["env"];
  if (said) return /^prod/i.test(said) ? "production" : said.toLowerCase();
  return otherEnvironments.exec(namespace)?.[1] ?? "production";
}
