// A tree of plain components as HTML text. React's own renderer is kept from code that runs with React's server components, as routes do; a document without state needs little of it.
import { Fragment, isValidElement, type ReactNode } from "react";

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escape = (text: string): string => text.replace(/[&<>"]/g, (one) => escapes[one] ?? one);

/** Names that React writes another way than HTML does; any other name with a capital is refused, so that none is forgotten. */
const names: Record<string, string> = {
  className: "class", charSet: "charset", httpEquiv: "http-equiv", colSpan: "colspan", dateTime: "datetime", defaultValue: "value", strokeWidth: "stroke-width", strokeDasharray: "stroke-dasharray",
  viewBox: "viewBox", preserveAspectRatio: "preserveAspectRatio",
};
const empty = new Set(["meta", "link", "input", "br", "img"]);

function attribute([name, value]: [string, unknown]): string {
  if (name === "children" || name === "key" || value === null || value === undefined) return "";
  const written = names[name] ?? name;
  if (!Object.hasOwn(names, name) && !/^[a-z][a-z0-9-]*$/.test(name)) throw new TypeError(`${name} is no attribute of a plain document`);
  if (typeof value === "boolean" && !/^(aria|data)-/.test(written)) return value ? ` ${written}=""` : "";
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") throw new TypeError(`${name} is to be text`);
  return ` ${written}="${escape(String(value))}"`;
}

export function toMarkup(node: ReactNode): string {
  if (node === null || node === undefined || typeof node === "boolean") return "";
  if (typeof node === "string" || typeof node === "number" || typeof node === "bigint") return escape(String(node));
  if (Array.isArray(node)) return node.map(toMarkup).join("");
  if (!isValidElement<Record<string, unknown>>(node)) throw new TypeError("what is drawn is to be elements and text");
  const { type, props } = node;
  if (type === Fragment) return toMarkup(childrenOf(props));
  if (typeof type === "function") return toMarkup(drawnBy(type)(props));
  if (typeof type !== "string") throw new TypeError("a plain document holds plain components alone");
  const opened = `<${type}${Object.entries(props).map(attribute).join("")}>`;
  return empty.has(type) ? opened : `${opened}${toMarkup(childrenOf(props))}</${type}>`;
}

/** React types children as whatever was given; what is not to be drawn is refused above. */
function childrenOf(props: Record<string, unknown>): ReactNode {
  return props.children as ReactNode;
}

/** A component without state is a function of its props; one with state would fail at its first hook. */
function drawnBy(type: unknown): (props: Record<string, unknown>) => ReactNode {
  return type as (props: Record<string, unknown>) => ReactNode;
}
