// GET /status: the published pages.
import { StatusListDocument } from "@/components/status/document/list";
import { publishedEndpoint } from "@/lib/access/endpoint";
import { statusList } from "@/lib/status/service";
import { drawn, send } from "./to-html";

export const dynamic = "force-dynamic";

const drawnForMs = 5000;

export const GET = publishedEndpoint(statusList, ({ pages, all }, request) => {
  const moment = Math.floor(Date.now() / drawnForMs) * drawnForMs;
  const page = drawn(JSON.stringify(["list", all, moment, pages]), () => <StatusListDocument pages={pages} now={moment} />);
  return send(request, { body: page.body, type: "text/html; charset=utf-8", etag: page.etag, open: !all });
});
