// A whole status page as one plain document: it needs no script, and is drawn once for everybody who views it.
import type { ReactNode } from "react";
import type { QueueLine, StatusDocument } from "@/lib/status/model";
import { Brand } from "../../shell/brand";
import { Backlog, Mark, markOf, type MarkName } from "./marks";
import { Services, type Choice } from "./services";
import { Incidents, Side } from "./side";
import { age } from "./times";

export function Shell({ title, refresh, children }: { title: string; refresh: boolean; children: ReactNode }) {
  return (
    <html lang="en" data-mantine-color-scheme="dark">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <link rel="icon" href="/icon.svg" />
        <link rel="stylesheet" href="/status.css" />
        {refresh && <noscript><meta httpEquiv="refresh" content="30" /></noscript>}
        <script src="/status.js" />
      </head>
      <body>{children}</body>
    </html>
  );
}

/** The worst of what developers call; an incident without one that is down is told in words. */
function verdictMark({ tiers }: StatusDocument, stale: boolean): MarkName {
  const states = new Set(tiers.flatMap(({ tier, services }) => (tier === 1 ? [] : services.map(({ state }) => state))));
  if (stale) return "unknown";
  return markOf[(["major", "partial", "degraded", "unknown", "maintenance"] as const).find((state) => states.has(state)) ?? "operational"];
}

export interface View { document: StatusDocument; choice: Choice; now: number; stale: boolean }

export function StatusPageDocument({ document, choice, now, stale }: View) {
  const { cluster, title, at, verdict, queues, queuesSay, incidents, coverage } = document;
  return (
    <Shell title={`${title} status`} refresh>
      <header className="top">
        <div className="wide"><Brand /> <strong>{title}</strong> <span className="dim">Status</span>
          <span className="end"><span className={stale ? "fresh stale" : "fresh"}><Mark name={stale ? "warning" : "running"} /> <time dateTime={new Date(at).toISOString()} data-at={at}>updated {age(now - at)} ago</time></span><span className="wide-only mono">{new Date(now).toUTCString().slice(0, 22)} UTC</span><button type="button" id="theme" aria-label="Turn dark and light over" hidden>◐</button><a className="wide-only" href={`/clusters/${cluster}`}>Open console</a></span>
        </div>
      </header>
      <main className="wide" data-cluster={cluster} data-stale={stale}>
        <div className={`verdict ${verdict.indicator}`}><Mark name={verdictMark(document, stale)} /><div><h1>{verdict.say}</h1>{verdict.more.length > 0 && <p className="dim">{verdict.more.join(" ")}</p>}</div></div>
        <div className="columns">
          <div className="first">
            <Filter document={document} choice={choice} />
            <Services document={document} choice={choice} now={now} />
            <Queues queues={queues} say={queuesSay} />
          </div>
          <aside><Incidents incidents={incidents} now={now} /><Side document={document} now={now} /></aside>
        </div>
      </main>
      <footer><div className="wide">
        <span><span className="dim">Feeds</span> <a href={`/status/${cluster}/feed.atom`}>Atom</a> <a href={`/status/${cluster}/feed.json`}>JSON feed</a> <a href={`/status/${cluster}.json`} className="mono">{cluster}.json</a></span>
        <span className="end dim">Floored; unknown time left out, coverage <span className="mono">{coverage === null ? "–" : coverage.toFixed(1)} %</span>. <details className="how"><summary>How uptime is counted</summary><p>Over 90 days of UTC: 1 − (down + ½ partly down) ÷ (up + degraded + partly down + down). Maintenance and unknown time stand on neither side; a state counts from its first sight once it was seen twice.</p></details></span>
      </div></footer>
    </Shell>
  );
}

function Filter({ document: { tiers, cluster }, choice: { mine, onlyMine, words } }: { document: StatusDocument; choice: Choice }) {
  const all = tiers.flatMap(({ services }) => services);
  const kept = [...mine].join(",");
  const link = (only: boolean): string => {
    const search = new URLSearchParams({ ...(kept === "" ? {} : { mine: kept }), ...(only ? { only: "mine" } : {}), ...(words === "" ? {} : { q: words }) }).toString();
    return `/status/${cluster}${search === "" ? "" : `?${search}`}`;
  };
  return (
    <form className="filter" method="get" role="search">
      <nav aria-label="Which services"><a href={link(false)} aria-current={onlyMine ? undefined : "true"}>All services <span className="mono">{all.length}</span></a><a href={link(true)} aria-current={onlyMine ? "true" : undefined} id="mine">My services <span className="mono">{all.filter(({ id }) => mine.has(id)).length}</span></a></nav>
      {kept !== "" && <input type="hidden" name="mine" value={kept} />}
      {onlyMine && <input type="hidden" name="only" value="mine" />}
      <input type="search" name="q" defaultValue={words} placeholder="Filter by name" aria-label="Filter by name" />
      <ul className="legend" aria-label="What the bars mean"><li className="up">up</li><li className="degraded">degraded</li><li className="down">down</li><li className="unknown">unknown</li><li className="maintenance">maintenance</li></ul>
    </form>
  );
}

function Queues({ queues, say }: { queues: readonly QueueLine[]; say: string }) {
  if (queues.length === 0) return say === "" ? null : <section className="queues"><h2>Queue backlog</h2><p className="dim">{say}</p></section>;
  return (
    <section className="queues">
      <h2>Queue backlog <span className="dim">jobs waiting of warning level (dashed), last 6 h</span></h2>
      <ul>{queues.map((queue) => <Queue key={queue.name} queue={queue} />)}</ul>
    </section>
  );
}

function Queue({ queue: { name, waiting, warnAt, state, say, consumers, points } }: { queue: QueueLine }) {
  return (
    <li className={state}>
      <p className="head"><Mark name={state === "fine" ? "running" : "warning"} /> <span>{name}</span><span className="end mono"><strong>{waiting}</strong>{warnAt === null ? "" : ` / ${warnAt}`}</span></p>
      <Backlog points={points} warnAt={warnAt} over={state !== "fine"} />
      <p className="say">{say || "no history yet"}</p>
      <p className="dim">{consumers === null ? "consumers unknown" : consumers === 0 ? "no consumer" : `${consumers} ${consumers === 1 ? "consumer" : "consumers"}`}</p>
    </li>
  );
}
