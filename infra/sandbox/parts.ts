// How far each part of the world is: what people and the console are shown while it comes up.
export type PartState = "waiting" | "building" | "starting" | "ready" | "failed";

export interface Part {
  name: string;
  title: string;
  state: PartState;
  /** From 0 to 1 where it can be known. */
  progress: number | null;
  say: string;
  etaMs: number | null;
}

export interface Progress { parts: Part[]; ready: boolean }

export interface Board {
  set(name: string, change: Partial<Omit<Part, "name" | "title">>): void;
  progress(): Progress;
  onChange(listener: (part: Part) => void): void;
}

export function makeBoard(parts: readonly { name: string; title: string }[]): Board {
  const rows: Part[] = parts.map(({ name, title }) => ({ name, title, state: "waiting", progress: null, say: "waiting for its turn", etaMs: null }));
  const listeners: ((part: Part) => void)[] = [];
  return {
    set(name, change) {
      const row = rows.find((part) => part.name === name);
      if (row === undefined) return;
      Object.assign(row, change);
      if (change.state === "ready" || change.state === "failed") Object.assign(row, { progress: change.state === "ready" ? 1 : row.progress, etaMs: null });
      for (const listener of listeners) listener({ ...row });
    },
    progress: () => ({ parts: rows.map((row) => ({ ...row })), ready: rows.every((row) => row.state === "ready") }),
    onChange: (listener) => { listeners.push(listener); },
  };
}
