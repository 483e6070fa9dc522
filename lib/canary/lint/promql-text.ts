// The few things a lint must see in the text of a query: selectors, ranges, divisions, arguments. Strings are told from operators.

const seconds: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 };

/** "1h30m", "5m", "500ms"; null for anything else. */
export function toSeconds(duration: string): number | null {
  if (!/^(\d+(\.\d+)?(ms|[smhdwy]))+$/.test(duration)) return null;
  return [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdwy])/g)].reduce((sum, [, value, unit]) => sum + Number(value) * (seconds[unit ?? ""] ?? 0), 0);
}

/** Comments gone, strings emptied: what is left are names and operators. */
function withoutStrings(query: string): string {
  return query.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`/g, '""').replace(/#[^\n]*/g, "");
}

export function longestRangeSeconds(query: string): number | null {
  const ranges = [...withoutStrings(query).matchAll(/\[\s*([0-9a-z.]+)\s*(?::[^\]]*)?\]/g)].flatMap(([, text]) => toSeconds(text ?? "") ?? []);
  return ranges.length === 0 ? null : Math.max(...ranges);
}

/** A division by something measured; one by a plain number cannot be 0/0. */
export function divides(query: string): boolean {
  return /\/(?!\s*[\d.]+\b(?!\s*[({[]))/.test(withoutStrings(query).replaceAll(/\{\{.*?\}\}/g, "x"));
}

export function argumentsUsed(query: string): string[] {
  return [...new Set([...query.matchAll(/\{\{\s*args\.([\w-]+)\s*\}\}/g)].flatMap(([, name]) => name ?? []))];
}

const versionLabel = /(^|[,{\s])(label_)?(rollouts_pod_template_hash|pod_template_hash|pod|pod_name|kubernetes_pod_name|role|track|version|service|destination_workload|destination_service_name)\s*(=~|=)\s*$/;
const quoted = /"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'/g;

/** Which pods each selector of a query picks. */
export type Picks = "canary" | "other version" | "all";

/** By a matcher on a label that tells versions apart: its value names the canary or comes by an argument that does. */
export function picksOf(query: string): Picks[] {
  return selectorsOf(query).map((selector) => {
    const values = [...selector.matchAll(quoted)].flatMap((found) => (versionLabel.test(selector.slice(0, found.index)) ? [found[1] ?? found[2] ?? ""] : []));
    if (values.some((value) => /stable|baseline|primary/i.test(value))) return "other version";
    return values.some((value) => /canary|latest|\{\{\s*args\.[\w-]*(hash|pod|service|version)[\w-]*\s*\}\}/i.test(value)) ? "canary" : "all";
  });
}

/** The texts between the braces of selectors, "" for a series without any; braces of arguments stand inside strings and do not count. */
function selectorsOf(query: string): string[] {
  const out: string[] = [];
  let [start, quote, outside] = [-1, "", ""];
  for (let i = 0; i < query.length; i += 1) {
    const char = query[i] ?? "";
    if (quote !== "") {
      if (char === "\\") i += 1;
      else if (char === quote) quote = "";
    } else if (/["'`]/.test(char)) quote = char;
    else if (char === "{") start = i + 1;
    else if (char === "}" && start >= 0) {
      out.push(query.slice(start, i));
      outside += "{}";
      start = -1;
    } else if (start < 0) outside += char;
  }
  return [...out, ...[...outside.matchAll(/[a-zA-Z_:][\w:]*\s*\[/g)].map(() => "")];
}
