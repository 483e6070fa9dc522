// A small XML writer in the form that the Query protocols use: an object is elements, a list is <item>s, null is nothing.

export type XmlValue = string | number | boolean | null | XmlValue[] | { [element: string]: XmlValue };

export type Element = { [element: string]: XmlValue };

/** EC2 wraps the members of a list in <item>, the other Query services in <member> (sources: "EC2 Query protocol", "AWS Query protocol", Smithy 2.0). */
export type ListElement = "item" | "member";

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#xD;" };

function escapeText(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => escapes[character] ?? character);
}

export function toXml(value: XmlValue, list: ListElement): string {
  if (value === null) return "";
  if (typeof value !== "object") return escapeText(String(value));
  if (Array.isArray(value)) return value.map((member) => `<${list}>${toXml(member, list)}</${list}>`).join("");
  return Object.entries(value)
    .map(([name, inner]) => (inner === null ? "" : `<${name}>${toXml(inner, list)}</${name}>`))
    .join("");
}

export function toDocument(root: string, namespace: string, inner: string): string {
  const attribute = namespace === "" ? "" : ` xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${inner}</${root}>`;
}
