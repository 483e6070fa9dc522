"use client";
// The cursor of the page that a chart stands on.
import { createContext, use, useSyncExternalStore } from "react";
import { createCursor, type Cursor } from "./cursor";

export const CursorContext = createContext<Cursor>(createCursor());

export function useCursor(): Cursor {
  return use(CursorContext);
}

export function useCursorAt(): number | null {
  const cursor = useCursor();
  return useSyncExternalStore(cursor.subscribe, cursor.read, () => null);
}
