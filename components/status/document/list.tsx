// The list of published status pages, and the document of a page that cannot be shown.
import { Brand } from "../../shell/brand";
import { Shell } from "./document";
import { Mark, type MarkName } from "./marks";
import { age } from "./times";

export interface Listed { cluster: string; title: string; say: string; indicator: string; at: number }

const marks: Record<string, MarkName> = { none: "running", minor: "warning", major: "failed", critical: "failed", maintenance: "pending", unknown: "unknown" };

export function StatusListDocument({ pages, now }: { pages: readonly Listed[]; now: number }) {
  return (
    <Shell title="Status" refresh>
      <header className="top"><div className="wide"><Brand /> <strong>Quarterdeck</strong> <span className="dim">Status</span><span className="end"><button type="button" id="theme" aria-label="Turn dark and light over" hidden>◐</button><a href="/">Open console</a></span></div></header>
      <main className="wide">
        <h1 className="plain">Status pages</h1>
        {pages.length === 0 && <p className="dim">No page is published yet. Operators publish one under Status of a cluster.</p>}
        <ul className="pages">{pages.map(({ cluster, title, say, indicator, at }) => <li key={cluster}><a href={`/status/${cluster}`}><Mark name={marks[indicator] ?? "unknown"} /> <strong>{title}</strong> <span>{say}</span> <span className="dim end">updated {age(now - at)} ago</span></a></li>)}</ul>
      </main>
    </Shell>
  );
}

export function NotShownDocument({ title, say }: { title: string; say: string }) {
  return (
    <Shell title={title} refresh={false}>
      <header className="top"><div className="wide"><Brand /> <strong>Quarterdeck</strong> <span className="dim">Status</span></div></header>
      <main className="wide"><h1 className="plain">{title}</h1><p className="dim">{say}</p><p><a href="/status">All status pages</a></p></main>
    </Shell>
  );
}
