"use client";
// A scrolled box that stays at its end while what is in it grows, until the reader scrolls up; at the end again it goes on.
import { type RefObject, useCallback, useRef } from "react";

/** Nearer to the end than this counts as at the end. */
const endPx = 24;

export interface Tail {
  /** Ref of the element that grows. */
  body: (element: HTMLDivElement) => () => void;
  /** For the box's scroll events. */
  scrolled: (box: HTMLElement) => void;
  follow: (on: boolean) => void;
}

/** `told` hears each change between following and reading. */
export function useTail(box: RefObject<HTMLElement | null>, told: (following: boolean) => void): Tail {
  const following = useRef(true);
  const lastTop = useRef(0);
  const toEnd = useCallback(() => box.current?.scrollTo({ top: box.current.scrollHeight }), [box]);
  // New lines and lines that are measured taller than was guessed both move the end.
  const body = useCallback((element: HTMLDivElement) => {
    const watch = new ResizeObserver(() => following.current && toEnd());
    watch.observe(element);
    return () => watch.disconnect();
  }, [toEnd]);
  const follow = (on: boolean) => {
    following.current = on;
    told(on);
    if (on) toEnd();
  };
  const scrolled = ({ scrollHeight, scrollTop, clientHeight }: HTMLElement) => {
    // What grows while the box scrolls to its end leaves it short of the end, too; only a reader goes up.
    const up = scrollTop < lastTop.current;
    lastTop.current = scrollTop;
    const atEnd = scrollHeight - scrollTop - clientHeight < endPx;
    if (following.current ? up && !atEnd : atEnd) follow(!following.current);
  };
  return { body, scrolled, follow };
}
