// The words of Placement's address: which parameter holds the filter, and links that fill it in.

export const filterParam = "filter";

export function placementHref(cluster: string, part: "" | "table" | "drift" | "what-if" = "", query: Record<string, string> = {}): string {
  const base = `/clusters/${encodeURIComponent(cluster)}/placement${part && `/${part}`}`;
  const text = new URLSearchParams(query).toString();
  return text === "" ? base : `${base}?${text}`;
}

/** The table that shows what the map shows: filter, grouping and what is open come along. */
export function tableTwin(cluster: string, search: string): string {
  return `${placementHref(cluster, "table")}${search}`;
}
