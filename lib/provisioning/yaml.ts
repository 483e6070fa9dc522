// The blueprint as text: YAML is a second view of the same value, and a fault in it names its line.
import { isNode, LineCounter, parseDocument, stringify, visit, type Document } from "yaml";
import { checkBlueprint, type Fault } from "./blueprint";
import type { Blueprint } from "./model";

export interface TextFault extends Fault { line: number | null }
export type Read = { ok: true; blueprint: Blueprint } | { ok: false; faults: readonly TextFault[]; /** What was read, when it was YAML at all. */ value: unknown };

const maxCharacters = 200_000;

export function toYaml(blueprint: unknown): string {
  return stringify(blueprint, { lineWidth: 120, aliasDuplicateObjects: false });
}

export function readYaml(text: string): Read {
  const whole = (say: string, line: number | null = null): Read => ({ ok: false, faults: [{ field: "", say, line }], value: undefined });
  if (text.length > maxCharacters) return whole(`the text has ${text.length} characters; at most ${maxCharacters} are read`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const [broken] = document.errors;
  if (broken) return whole(`it is no YAML: ${broken.message.split("\n")[0] ?? ""}`, broken.linePos?.[0].line ?? null);
  // Without aliases a small text cannot unfold into a huge value.
  if (hasAlias(document)) return whole("anchors and aliases are not read; write each value out");
  const value: unknown = document.toJS();
  const checked = checkBlueprint(value);
  if (checked.ok) return { ok: true, blueprint: checked.blueprint };
  return { ok: false, value, faults: checked.faults.map((fault) => ({ ...fault, line: lineOf(document, lines, fault.field) })) };
}

function hasAlias(document: Document.Parsed): boolean {
  let found = false;
  visit(document, { Alias: () => { found = true; return visit.BREAK; } });
  return found;
}

/** The line of the field, or of the nearest thing around it that is there. */
function lineOf(document: Document.Parsed, lines: LineCounter, field: string): number | null {
  const path = field === "" ? [] : field.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  for (let length = path.length; length >= 0; length -= 1) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return null;
}
