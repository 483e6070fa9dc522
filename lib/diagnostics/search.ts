// The catalogue searched by a symptom or by a pasted error: what the text tells of first, then what shares its words.
import { all } from "./catalogue";
import { heard } from "./diagnose";
import type { Failure } from "./failure";

const common = new Set(["the", "a", "an", "is", "to", "of", "for", "and", "in", "on", "not", "no", "with", "at", "by", "it", "was", "be", "error", "failed"]);
const wordsOf = (text: string): string[] => [...new Set(text.toLowerCase().match(/[a-z0-9][a-z0-9.-]+/g) ?? [])].filter((word) => !common.has(word));

/** Best first; the whole catalogue in its order for an empty text. */
export function searchCatalogue(text: string): Failure[] {
  const asked = text.trim().slice(0, 20_000);
  if (asked === "") return [...all];
  const told = new Set(asked.split("\n").slice(0, 400).flatMap((line) => heard(line)));
  for (const id of heard(asked)) told.add(id);
  const words = wordsOf(asked).slice(0, 60);
  const scored = all.map((failure) => ({ failure, score: (told.has(failure.id) ? 1_000 : 0) + (failure.id.toLowerCase() === asked.toLowerCase() ? 2_000 : 0) + shared(failure, words) }));
  const least = words.length > 6 ? 3 : 1;
  return scored.filter(({ score }) => score >= least).toSorted((a, b) => b.score - a.score).slice(0, 30).map(({ failure }) => failure);
}

function shared({ title, symptom, cause }: Failure, words: readonly string[]): number {
  const text = `${title} ${symptom} ${cause}`.toLowerCase();
  return words.reduce((sum, word) => sum + (text.includes(word) ? (`${title} ${symptom}`.toLowerCase().includes(word) ? 2 : 1) : 0), 0);
}
