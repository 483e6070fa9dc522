// How the explorer shows an answer.
export const views = ["graph", "table", "raw"] as const;
export type View = (typeof views)[number];
export const viewWords: Record<View, string> = { graph: "Graph", table: "Table", raw: "Raw" };
