// Reads the house as it stands: files, what each imports, how long its functions are, and which escapes from the type system it takes.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseAst } from "rolldown/parseAst";

export const root = path.resolve(import.meta.dirname, "../..");

export interface Import { from: string; to: string; typeOnly: boolean }
export interface FunctionSize { name: string; line: number; lines: number; parameters: number; jsx: boolean }
export interface Source {
  file: string;
  text: string;
  lines: number;
  imports: Import[];
  functions: FunctionSize[];
  /** Line numbers of each escape. */
  escapes: { any: number[]; nonNull: number[]; ignore: number[]; casts: { line: number; inside: string; said: boolean }[] };
  uses: { effect: boolean; environment: boolean; console: boolean; defaultExport: boolean };
}

interface AstNode { type: string; start: number; end: number; [key: string]: unknown }

/** Every file under version control or about to be. */
export function listFiles(): string[] {
  const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  return listed.split("\n").filter((file) => file !== "" && existsSync(path.join(root, file)));
}

export const isCode = (file: string): boolean => /\.(ts|tsx|mjs)$/.test(file) && !file.endsWith(".d.ts");

export function readSource(file: string): Source {
  return parseSource(file, readFileSync(path.join(root, file), "utf8"));
}

export function parseSource(file: string, text: string): Source {
  const lineOf = lineFinder(text);
  const source: Source = {
    file, text, lines: text.split("\n").length - 1, imports: [], functions: [],
    escapes: { any: [], nonNull: [], ignore: ignoredLines(text), casts: [] },
    uses: { effect: false, environment: false, console: false, defaultExport: false },
  };
  const program = parseAst(text, { lang: file.endsWith("x") ? "tsx" : "ts", sourceType: "module" });
  walk(toNode(program), [], (node, parents) => {
    noteImport(source, node);
    noteFunction(source, node, { parents, lineOf });
    noteEscape(source, node, { parents, lineOf });
    noteUse(source, node);
  });
  return source;
}

/** The parser's nodes are plain objects with a type and a range; this names that shape. */
function toNode(value: unknown): AstNode {
  return value as AstNode;
}
const isNode = (value: unknown): boolean => typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

function walk(node: AstNode, parents: AstNode[], visit: (node: AstNode, parents: AstNode[]) => void): void {
  visit(node, parents);
  const inside = [...parents, node];
  for (const [key, value] of Object.entries(node)) {
    if (key === "parent") continue;
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(toNode(child), inside, visit);
  }
}

function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}

const ignoredLines = (text: string): number[] => text.split("\n").flatMap((line, index) => (/^\s*(\/\/|\/\*|\{\/\*).*@ts-(ignore|expect-error|nocheck)/.test(line) ? [index + 1] : []));

function noteImport(source: Source, node: AstNode): void {
  const target = node.source;
  if (!isNode(target)) return;
  const { value } = toNode(target);
  if (typeof value !== "string") return;
  const specifiers = Array.isArray(node.specifiers) ? node.specifiers.map(toNode) : [];
  const kind = node.importKind ?? node.exportKind;
  const typeOnly = kind === "type" || (specifiers.length > 0 && specifiers.every((one) => one.importKind === "type" || one.exportKind === "type"));
  if (/^(Import|Export)/.test(node.type)) source.imports.push({ from: source.file, to: resolveImport(source.file, value), typeOnly });
}

/** A file of the house by its path without ending, or the package as written. */
export function resolveImport(file: string, specifier: string): string {
  if (specifier.startsWith("@/")) return clean(specifier.slice(2));
  if (specifier.startsWith(".")) return clean(path.posix.join(path.posix.dirname(file), specifier));
  return specifier;
}
const clean = (target: string): string => target.replace(/\.(ts|tsx|mjs)$/, "");

interface Place { parents: AstNode[]; lineOf: (offset: number) => number }

function noteFunction(source: Source, node: AstNode, { parents, lineOf }: Place): void {
  if (!/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) return;
  const parameters = Array.isArray(node.params) ? node.params.length : toNode(node.params).items;
  const lines = lineOf(node.end) - lineOf(node.start) + 1;
  source.functions.push({ name: nameOf(node, parents), line: lineOf(node.start), lines, parameters: typeof parameters === "number" ? parameters : 0, jsx: holdsJsx(node) });
}

function nameOf(node: AstNode, parents: AstNode[]): string {
  const own = isNode(node.id) ? toNode(node.id).name : undefined;
  const holder = parents.at(-1);
  const held = holder && isNode(holder.id) ? toNode(holder.id).name : holder && isNode(holder.key) ? toNode(holder.key).name : undefined;
  return String(own ?? held ?? "(anonymous)");
}

function holdsJsx(node: AstNode): boolean {
  let found = false;
  walk(node, [], (inner) => {
    if (inner.type === "JSXElement" || inner.type === "JSXFragment") found = true;
  });
  return found;
}

function noteEscape(source: Source, node: AstNode, { parents, lineOf }: Place): void {
  if (node.type === "TSAnyKeyword") source.escapes.any.push(lineOf(node.start));
  if (node.type === "TSNonNullExpression") source.escapes.nonNull.push(lineOf(node.start));
  if (node.type !== "TSAsExpression" || isConstAssertion(node)) return;
  const holder = parents.findLastIndex((parent) => /^(FunctionDeclaration|ArrowFunctionExpression|FunctionExpression)$/.test(parent.type) && nameOf(parent, parents.slice(0, parents.indexOf(parent))) !== "(anonymous)");
  const inside = parents[holder];
  source.escapes.casts.push({
    line: lineOf(node.start),
    inside: inside ? nameOf(inside, parents.slice(0, holder)) : "",
    said: inside ? /(\*\/|\/\/.*)\s*$/.test(source.text.slice(0, statementStart(source.text, inside.start)).trimEnd()) : false,
  });
}

const isConstAssertion = (node: AstNode): boolean => {
  const type = toNode(node.typeAnnotation);
  return type.type === "TSTypeReference" && isNode(type.typeName) && toNode(type.typeName).name === "const";
};

const statementStart = (text: string, offset: number): number => text.lastIndexOf("\n", offset) + 1;

function noteUse(source: Source, node: AstNode): void {
  if (node.type === "CallExpression" && isNode(node.callee)) {
    const name = toNode(node.callee).name;
    if (name === "useEffect" || name === "useLayoutEffect" || name === "useInsertionEffect") source.uses.effect = true;
  }
  if (node.type === "MemberExpression" && isNode(node.object) && isNode(node.property)) {
    const [object, property] = [toNode(node.object).name, toNode(node.property).name];
    if (object === "process" && property === "env") source.uses.environment = true;
    if (object === "console") source.uses.console = true;
  }
  if (node.type === "ExportDefaultDeclaration") source.uses.defaultExport = true;
}
