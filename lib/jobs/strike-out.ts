// Strikes secrets out of a log line before anyone can read or store it.

const struck = "[struck out]";

/** Patterns whose first group, when there is one, stays and the rest goes. */
const secrets: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\b()eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g,
  /(\bBearer\s+)[\w.~+/=-]{8,}/gi,
  /(\bBasic\s+)[A-Za-z0-9+/]{8,}={0,2}/g,
  /(:\/\/[^\s:/@]*:)[^\s@]+(?=@)/g,
  /\b()(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /()(?<![a-z0-9.-])[a-z0-9]{6}\.[a-z0-9]{16}(?![a-z0-9.-])/g,
  /((?:password|passwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|client[-_]?secret|certificate[-_]?key)["']?\s*[:=]\s*)(?:"[^"]*"|'[^']*'|[^\s,;&"'}]+)/gi,
  /((?<!\S)--?[\w-]*(?:password|token|secret|certificate-key)\s+)[^\s-][^\s]*/gi,
];

export function strikeOut(text: string): string {
  let clean = text;
  for (const pattern of secrets) clean = clean.replace(pattern, (_match, kept: unknown) => `${typeof kept === "string" ? kept : ""}${struck}`);
  return clean;
}
