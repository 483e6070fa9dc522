// An object of the API as people may read it: values that look secret masked, bookkeeping dropped.
import { strikeOut } from "../jobs/strike-out";

const mask = "••••••";
const secretName = /pass(?:word|wd|phrase)?|secret|token|credential|private|api[-_]?key|access[-_]?key|signing[-_]?key|encryption[-_]?key|auth|dsn|cookie|salt|connection[-_]?string|database[-_]?url|broker[-_]?url|redis[-_]?url/i;
/** Names that only sound secret: files, switches, names and lifetimes. */
const harmlessName = /(?:_|-)(?:file|path|dir|name|enabled|ttl|timeout|expiry|expires(?:_in)?|host|port|algorithm|type|mode|method)$/i;
const droppedAnnotations = ["kubectl.kubernetes.io/last-applied-configuration"];

type Json = { [key: string]: unknown };
const isRecord = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

export function maskSecrets(object: unknown): unknown {
  return isRecord(object) ? { ...maskDeep(object), ...("metadata" in object ? { metadata: maskMetadata(object["metadata"]) } : {}) } : maskValue(object);
}

function maskMetadata(metadata: unknown): unknown {
  if (!isRecord(metadata)) return maskValue(metadata);
  const { managedFields: _bookkeeping, annotations, ...rest } = metadata;
  const kept = isRecord(annotations) ? Object.fromEntries(Object.entries(annotations).filter(([name]) => !droppedAnnotations.includes(name))) : annotations;
  return { ...maskDeep(rest), ...(kept === undefined ? {} : { annotations: isRecord(kept) ? maskNamed(kept) : maskValue(kept) }) };
}

/** An annotation may hold anything: its name and its text are both looked at. */
function maskNamed(values: Json): Json {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === "string" && looksSecret(name) ? mask : maskValue(value)]));
}

function maskDeep(object: Json): Json {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, key === "env" && Array.isArray(value) ? value.map(maskVariable) : maskValue(value)]));
}

function maskValue(value: unknown): unknown {
  if (typeof value === "string") return strikeOut(value);
  if (Array.isArray(value)) return value.map((item: unknown, at) => (typeof item === "string" && isSecretFlag(value[at - 1]) ? mask : maskValue(item)));
  return isRecord(value) ? maskDeep(value) : value;
}

/** An argument whose value is the next one. */
function isSecretFlag(argument: unknown): boolean {
  return typeof argument === "string" && /^--?[\w-]+$/.test(argument) && looksSecret(argument);
}

function maskVariable(variable: unknown): unknown {
  if (!isRecord(variable)) return maskValue(variable);
  const { name, value } = variable;
  if (typeof name === "string" && typeof value === "string" && value !== "" && looksSecret(name)) return { ...variable, value: mask };
  return maskDeep(variable);
}

function looksSecret(name: string): boolean {
  return secretName.test(name) && !harmlessName.test(name);
}
