// Strikes secrets out of a log line before anyone can read or store it.

const struck = "[struck out]";
/** A name that tells that what follows is secret, as it stands in YAML, JSON, environments and flags. */
const secretName = "(?:password|passwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|client[-_]?secret|certificate[-_]?key|client-(?:key|certificate)-data|certificate-authority-data|session[-_]?token)";

/** Patterns whose first group, when there is one, stays and the rest goes. */
const secrets: readonly RegExp[] = [
  // Private keys in PEM, also cut off, also with line ends written out as in JSON.
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  // The same in base64, as a kubeconfig or a Secret holds it: LS0tLS1CRUdJTi is "-----BEGIN".
  /()LS0tLS1CRUdJTi[A-Za-z0-9+/=\s]*/g,
  // JSON web tokens, also those of service accounts.
  /\b()eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g,
  /(\bBearer\s+)[\w.~+/=-]{8,}/gi,
  /(\bBasic\s+)[A-Za-z0-9+/]{8,}={0,2}/g,
  /(:\/\/[^\s:/@]*:)[^\s@]+(?=@)/g,
  // AWS: access key ids of users and of sessions, and the signature of a request.
  /\b()(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /(\bX-Amz-(?:Signature|Security-Token|Credential)=)[^\s&"']+/gi,
  /(\bSignature=)[0-9a-f]{64}\b/g,
  // A secret access key alone: forty characters of base64 with both cases, a digit and a sign that no other word of that length has.
  /(?<![A-Za-z0-9+/=])()(?=[A-Za-z0-9+/]*[+/])(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*\d)(?!\/)[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])/g,
  // kubeadm: bootstrap tokens, and the key that join hands to further control planes.
  /()(?<![a-z0-9.-])[a-z0-9]{6}\.[a-z0-9]{16}(?![a-z0-9.-])/g,
  /(certificate[- ]key\S*\s+(?:is\s+|=\s*|:\s*)?)[0-9a-f]{64}\b/gi,
  /(\[upload-certs\] Using certificate key:\s*)[0-9a-f]{32,}/gi,
  new RegExp(`(${secretName}["']?\\s*[:=]\\s*)(?:"[^"]*"|'[^']*'|[^\\s,;&"'}]+)`, "gi"),
  new RegExp(`((?<!\\S)--?[\\w-]*(?:password|token|secret|certificate-key)\\s+)[^\\s-][^\\s]*`, "gi"),
];

export function strikeOut(text: string): string {
  let clean = text;
  for (const pattern of secrets) clean = clean.replace(pattern, (_match, kept: unknown) => `${typeof kept === "string" ? kept : ""}${struck}`);
  return clean;
}
