// The five pictures of a panel that cannot show its rows: empty, loading, stale, forbidden, broken. Each says why and what to do.
import type { ReactNode } from "react";
import css from "./state-picture.module.css";

const marks = {
  empty: <rect x="5" y="7" width="22" height="18" rx="3" strokeDasharray="3 3" />,
  stale: <path d="M16 5 28 27H4ZM16 13v6m0 3.5v.5" />,
  forbidden: <path d="M9 15v-4a7 7 0 0 1 14 0v4M7 15h18v12H7Zm9 4v4" />,
  broken: <path d="M16 4 28 16 16 28 4 16Zm-4 8 8 8m0-8-8 8" />,
} as const;

interface PictureProps {
  kind: keyof typeof marks;
  title: string;
  /** One sentence: the cause, or what would put something here. */
  say?: ReactNode;
  action?: ReactNode;
  requestId?: string;
  /** It is all that the page has: its title is the page's. */
  page?: boolean;
}

export function StatePicture({ kind, title, say, action, requestId, page = false }: PictureProps) {
  const Title = page ? "h1" : "p";
  return (
    <div className={css.picture} data-kind={kind} role={kind === "broken" || kind === "forbidden" ? "alert" : "status"}>
      <svg width="32" height="32" viewBox="0 0 32 32" aria-hidden>
        {marks[kind]}
      </svg>
      <div>
        <Title className={css.title}>{title}</Title>
        {say && <p className={css.say}>{say}</p>}
        {requestId && <p className={css.id}>request {requestId}</p>}
        {action && <div className={css.action}>{action}</div>}
      </div>
    </div>
  );
}

/** Lines at their final size with strips where values will stand; no spinner, nothing shifts when they come. */
export function LoadingRows({ rows = 6, height = 30, label = "Loading" }: { rows?: number; height?: number; label?: string }) {
  return (
    <div className={css.rows} role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className={css.row} style={{ height }}>
          <span className={css.strip} style={{ width: `${38 + ((index * 17) % 30)}%` }} />
          <span className={css.strip} style={{ width: 48 }} />
        </div>
      ))}
    </div>
  );
}

/** One value that is not there yet. */
export function Strip({ width = 40 }: { width?: number }) {
  return <span className={css.strip} style={{ width }} />;
}
