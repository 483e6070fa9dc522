// A key as it stands on the keyboard, beside what it does.
import type { ReactNode } from "react";
import css from "./key-hint.module.css";

export function KeyHint({ children }: { children: ReactNode }) {
  return <kbd className={css.key}>{children}</kbd>;
}
