// HCL as text, laid out as `terraform fmt` lays it out.

/** Text that is no literal: a reference or a call. */
export interface Expression { expression: string }
/** A function around a value, such as `jsonencode`. */
export interface Call { call: string; of: readonly Value[] }
export type Value = string | number | boolean | Expression | Call | readonly Value[] | { readonly [key: string]: Value };

export interface Attribute { name: string; value: Value }
export interface Block { block: string; labels?: readonly string[]; body: readonly Item[] }
export interface Comment { comment: string }
export type Item = Attribute | Block | Comment;

export const expression = (text: string): Expression => ({ expression: text });
export const call = (name: string, ...of: readonly Value[]): Call => ({ call: name, of });
export const attributes = (fields: Readonly<Record<string, Value>>): Attribute[] => Object.entries(fields).map(([name, value]) => ({ name, value }));
export const block = (name: string, labels: readonly string[], body: readonly Item[]): Block => ({ block: name, labels, body });

const isExpression = (value: Value): value is Expression => typeof value === "object" && "expression" in value && typeof value.expression === "string";
const isCall = (value: Value): value is Call => typeof value === "object" && "call" in value && typeof value.call === "string" && "of" in value;
/** `Array.isArray` tells a mutable array alone from the rest; this tells ours. */
const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

/** A literal in quotes: what would begin a template is escaped, so that text stays text. */
export function quoted(text: string): string {
  return JSON.stringify(text).replaceAll("\\b", "\\u0008").replaceAll("\\f", "\\u000c").replace(/[$%](?=\{)/g, (sign) => sign + sign);
}

/** The same value with each literal text seen by `change`. */
export function mapTexts(value: Value, change: (text: string) => Value): Value {
  if (typeof value === "string") return change(value);
  if (typeof value !== "object" || isExpression(value)) return value;
  if (isCall(value)) return call(value.call, ...value.of.map((each) => mapTexts(each, change)));
  if (isList(value)) return value.map((each) => mapTexts(each, change));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, mapTexts(each, change)]));
}

const step = "  ";
const shortList = 100;

/** Continuation lines begin with `indent`. */
export function valueText(value: Value, indent = ""): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (isExpression(value)) return value.expression.replaceAll("\n", `\n${indent}`);
  if (isCall(value)) return `${value.call}(${value.of.map((each) => valueText(each, indent)).join(", ")})`;
  if (isList(value)) return listText(value, indent);
  const fields = Object.entries(value).map(([name, field]) => ({ name: /^[A-Za-z_][\w-]*$/.test(name) ? name : quoted(name), value: field }));
  return fields.length === 0 ? "{}" : `{\n${itemsText(fields, `${indent}${step}`)}${indent}}`;
}

function listText(values: readonly Value[], indent: string): string {
  const line = `[${values.map((value) => valueText(value, indent)).join(", ")}]`;
  if (!line.includes("\n") && line.length <= shortList) return line;
  const inner = `${indent}${step}`;
  return `[\n${values.map((value) => `${inner}${valueText(value, inner)},\n`).join("")}${indent}]`;
}

/** Attributes of one line that follow one another have their equals signs under one another; a longer one, a comment or a block parts them. */
function itemsText(items: readonly Item[], indent: string): string {
  let text = "";
  let run: { name: string; text: string }[] = [];
  const flush = (): void => {
    const width = Math.max(0, ...run.map(({ name }) => name.length));
    text += run.map(({ name, text: value }) => `${indent}${name.padEnd(width)} = ${value}\n`).join("");
    run = [];
  };
  items.forEach((item, at) => {
    if ("name" in item) {
      const value = valueText(item.value, indent);
      if (!value.includes("\n")) return void run.push({ name: item.name, text: value });
      flush();
      text += `${indent}${item.name} = ${value}\n`;
      return;
    }
    flush();
    const before = items[at - 1];
    if ("comment" in item) return void (text += `${before && !("comment" in before) ? "\n" : ""}${indent}# ${item.comment}\n`);
    if (before && !("comment" in before)) text += "\n";
    const labels = (item.labels ?? []).map((label) => ` ${quoted(label)}`).join("");
    text += item.body.length === 0 ? `${indent}${item.block}${labels} {}\n` : `${indent}${item.block}${labels} {\n${itemsText(item.body, `${indent}${step}`)}${indent}}\n`;
    const after = items[at + 1];
    if (after && "name" in after) text += "\n";
  });
  flush();
  return text;
}

export const fileText = (caption: string, items: readonly Item[]): string => `# ${caption}\n\n${itemsText(items, "")}`;
