// What stands in texts of others and is for nobody's eyes on a public page: addresses, names of nodes and pods, ids and secrets.

const patterns: readonly [RegExp, string][] = [
  [/\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b/g, "an address"],
  // Shortened by `::`, which stands beside at least one group; before the whole ones, which would take only its beginning.
  [/(?<![\w:])(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6}::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?|::[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})(?![\w:])/gi, "an address"],
  [/\b(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}\b/gi, "an address"],
  [/\b(?:i|vpc|subnet|sg|eni|vol|ami|arn:aws)[-:][0-9a-zA-Z:/-]{8,}\b/g, "an id"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "an id"],
  [/\b(?:ip-\d+-\d+-\d+-\d+[\w.-]*)/g, "a node"],
  [/\b(?:password|passwd|secret|token|api[_-]?key|authorization)\s*[=:]\s*\S+/gi, "a secret"],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, "a secret"],
  [/\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*/g, "a secret"],
  [/\b(?:\w+:\/\/)[^\s/@]+@\S+/g, "an address"],
];

/** `nodes` and `pods`: names of this cluster that must not pass either. */
export function forEverybody(text: string, names: { nodes: ReadonlySet<string>; pods: ReadonlySet<string> }): string {
  let clean = text;
  for (const [pattern, what] of patterns) clean = clean.replace(pattern, `(${what})`);
  return clean.replace(/[a-z0-9][a-z0-9.-]*[a-z0-9]/g, (word) => (names.nodes.has(word) ? "(a node)" : names.pods.has(word) ? "(a pod)" : word)).slice(0, 300);
}
