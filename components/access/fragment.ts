"use client";
// The token of a one-time link: in the address after #, which no server ever sees.
import { useSyncExternalStore } from "react";

const subscribe = (listener: () => void) => {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
};

/** Null until the browser has taken over. */
export function useFragment(): string | null {
  return useSyncExternalStore(subscribe, () => window.location.hash.slice(1), () => null);
}
