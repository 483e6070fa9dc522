// One failure of the catalogue: how it is recognised, why it happens, and how it is mended.
import type { Facts } from "./facts";
import type { Area, Evidence, FixStep, Said, Severity } from "./model";

export interface Failure {
  id: string;
  title: string;
  area: Area;
  severity: Severity;
  /** It says what happens and not why: left out about whom a particular one is found. */
  general?: true;
  /** What a person sees of it, in the words that they would search for. */
  symptom: string;
  /** Texts that tell of it, wherever they were said. */
  says?: readonly RegExp[];
  /** Whether such a text, from there and about that, means it; always when absent. */
  means?: (said: Said, facts: Facts) => boolean;
  /** What the picture shows of it without anybody saying a word. */
  look?: (facts: Facts) => Evidence[];
  cause: string;
  fix: readonly FixStep[];
  source: string;
}

export const fromJob = ({ origin }: Said): boolean => origin === "job";
export const fromCluster = ({ origin }: Said): boolean => origin !== "job";
/** About an object whose namespace and name match. */
export const about = (pattern: RegExp) => ({ subject }: Said): boolean => pattern.test(subject.key);
