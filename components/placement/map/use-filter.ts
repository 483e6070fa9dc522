"use client";
// The filter as it stands in the address, read by the rules; a text that cannot be read filters nothing and is told beside its field.
import { parseAsString, useQueryState } from "nuqs";
import { useCallback, useMemo } from "react";
import { type Filter, parseFilter, replaceTerm, toggleTerm } from "@/lib/placement/filter";

export interface FilterInAddress { text: string; filter: Filter | null; toggle(term: string): void; /** In place of what was asked of the same key. */ bound(term: string): void; clear(): void }

export function useFilter(): FilterInAddress {
  const [text, set] = useQueryState("filter", parseAsString.withDefault(""));
  const filter = useMemo(() => {
    const parsed = parseFilter(text);
    return parsed.ok && parsed.filter.terms.length > 0 ? parsed.filter : null;
  }, [text]);
  /** "tier:1 status:failed" toggles both words. */
  const toggle = useCallback((terms: string) => void set((now) => terms.split(" ").reduce(toggleTerm, now) || null), [set]);
  const bound = useCallback((term: string) => void set((now) => replaceTerm(now, term)), [set]);
  const clear = useCallback(() => void set(null), [set]);
  return { text, filter, toggle, bound, clear };
}
