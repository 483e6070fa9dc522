// Lists and maps as lines of a text field, and back: `key=value` for labels and tags, `key=value:Effect` for taints, a range per line.

const linesOf = (text: string): string[] => text.split("\n").map((line) => line.trim()).filter((line) => line !== "");

export const toLines = (values: readonly string[]): string => values.join("\n");
export const fromLines = linesOf;

export const mapToLines = (map: Readonly<Record<string, string>>): string => Object.entries(map).map(([key, value]) => `${key}=${value}`).join("\n");

/** A line without `=` is a key with an empty value; what comes later wins. */
export const linesToMap = (text: string): Record<string, string> => Object.fromEntries(linesOf(text).map((line) => { const at = line.indexOf("="); return at < 0 ? [line, ""] : [line.slice(0, at).trim(), line.slice(at + 1).trim()]; }));

export const taintsToLines = (taints: readonly { key: string; value: string; effect: string }[]): string => taints.map(({ key, value, effect }) => `${key}${value === "" ? "" : `=${value}`}:${effect}`).join("\n");

/** An effect that is none stays as it was written, so that the rules name it. */
export function linesToTaints(text: string): { key: string; value: string; effect: string }[] {
  return linesOf(text).map((line) => {
    const colon = line.lastIndexOf(":");
    const [pair, effect] = colon < 0 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 1)];
    const equals = pair.indexOf("=");
    return { key: equals < 0 ? pair : pair.slice(0, equals), value: equals < 0 ? "" : pair.slice(equals + 1), effect };
  });
}
