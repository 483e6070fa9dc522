"use client";
// Puts a part's own controls beside the filter in Placement's frame.
import { type ReactNode, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";
import { toolsSlot } from "@/components/placement/placement-frame";

/** The slot is part of the frame around every part, so it stands before any part asks for it in the browser; on the server there is none. */
const find = () => document.getElementById(toolsSlot);
const never = () => () => undefined;

export function PlacementTools({ children }: { children: ReactNode }) {
  const slot = useSyncExternalStore(never, find, () => null);
  return slot && createPortal(children, slot);
}
