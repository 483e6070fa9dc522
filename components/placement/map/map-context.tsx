"use client";
// What all parts of one map know: the cluster, the filter, the selection and what is asked of each node by the selected pod.
import { createContext, useContext } from "react";
import type { Usage } from "@/components/metrics/queries";
import type { PlacementStore } from "@/components/placement/queries";
import type { Filter } from "@/lib/placement/filter";

/** What a card says about the selected pod. */
export interface Verdict { fits: boolean; /** "taint", "cpu 130m short", "fits". */ word: string; nearest: boolean }

export interface MapSettings {
  slug: string;
  store: PlacementStore;
  /** null: nothing is filtered. */
  filter: Filter | null;
  /** "pod:ns/name", "node:name" or "". */
  selected: string;
  asked: { cpuMillis: number; memoryBytes: number } | null;
  verdicts: ReadonlyMap<string, Verdict> | null;
  /** By node name; null where no metrics are. */
  usage: ReadonlyMap<string, Usage> | null;
  select(id: string): void;
  toggle(term: string): void;
}

const Settings = createContext<MapSettings | null>(null);
export const MapProvider = Settings.Provider;

export function useMap(): MapSettings {
  const settings = useContext(Settings);
  if (!settings) throw new Error("A part of the map stands outside of it.");
  return settings;
}
