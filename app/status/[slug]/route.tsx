// GET /status/<slug>: the page of a cluster as a document; /status/<slug>.json: the same as JSON. Neither asks anything of the cluster.
import { StatusPageDocument } from "@/components/status/document/document";
import { publishedEndpoint } from "@/lib/access/endpoint";
import { statusPage } from "@/lib/status/service";
import { drawn, send } from "../to-html";

export const dynamic = "force-dynamic";

/** Ages on the page are right within this. */
const drawnForMs = 5000;

export const GET = publishedEndpoint(statusPage, (snapshot, request) => {
  const { pathname, searchParams } = new URL(request.url);
  const { document, etag, open, stale } = snapshot;
  if (pathname.endsWith(".json")) return send(request, { body: snapshot.json, type: "application/json; charset=utf-8", etag, open, elsewhere: true });
  const moment = Math.floor(Date.now() / drawnForMs) * drawnForMs;
  const known = new Set(document.tiers.flatMap(({ services }) => services.map(({ id }) => id)));
  const mine = new Set((searchParams.get("mine") ?? "").split(",").filter((id) => known.has(id)));
  const choice = { mine, onlyMine: searchParams.get("only") === "mine", words: (searchParams.get("q") ?? "").slice(0, 60) };
  const key = JSON.stringify([document.cluster, etag, moment, [...mine], choice.onlyMine, choice.words]);
  const page = drawn(key, () => <StatusPageDocument document={document} choice={choice} now={Math.max(moment, document.at)} stale={stale} />);
  return send(request, { body: page.body, type: "text/html; charset=utf-8", etag: page.etag, open });
});
