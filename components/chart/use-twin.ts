"use client";
// Whether a chart is shown as its table: by its button, or by T anywhere in its frame.
import { type KeyboardEvent, useState } from "react";

export function useTwin(): { twin: boolean; turn: () => void; onKeyDown: (event: KeyboardEvent) => void } {
  const [twin, setTwin] = useState(false);
  const turn = () => setTwin(!twin);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "t" || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    turn();
  };
  return { twin, turn, onKeyDown };
}
