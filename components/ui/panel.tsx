// A framed piece of a screen: a head with a title and what stands at its right, and a body.
import type { ReactNode } from "react";
import css from "./panel.module.css";

export function Panel({ title, aside, children, className = "", flush = true }: { title: ReactNode; aside?: ReactNode; children: ReactNode; className?: string; flush?: boolean }) {
  return (
    <section className={`${css.panel} ${className}`}>
      <header className={css.head}>
        <h2 className={css.title}>{title}</h2>
        {aside && <div className={css.aside}>{aside}</div>}
      </header>
      <div className={flush ? css.flush : css.body}>{children}</div>
    </section>
  );
}
