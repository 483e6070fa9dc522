"use client";
// What is open beside the map stands in the address: ?pod=ns/name or ?node=name, and the grouping as ?by=.
import { parseAsString, parseAsStringLiteral, useQueryState, useQueryStates } from "nuqs";
import { useCallback } from "react";
import { groupings, type Grouping } from "./layout";

export interface Selection { pod: string; node: string; /** "pod:ns/name", "node:name" or "". */ id: string; select(id: string): void; close(): void }

export function useSelection(): Selection {
  const [{ pod, node }, set] = useQueryStates({ pod: parseAsString.withDefault(""), node: parseAsString.withDefault("") }, { history: "push" });
  const select = useCallback((id: string) => {
    const [kind, key] = [id.slice(0, id.indexOf(":")), id.slice(id.indexOf(":") + 1)];
    void set(kind === "pod" ? { pod: key, node: null } : { pod: null, node: key });
  }, [set]);
  const close = useCallback(() => void set({ pod: null, node: null }), [set]);
  return { pod, node, id: pod ? `pod:${pod}` : node ? `node:${node}` : "", select, close };
}

export function useGrouping(): [Grouping, (by: Grouping) => void] {
  const [by, set] = useQueryState("by", parseAsStringLiteral(groupings).withDefault("app"));
  return [by, useCallback((next: Grouping) => void set(next), [set])];
}
