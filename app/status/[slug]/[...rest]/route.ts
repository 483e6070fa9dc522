// GET /status/<slug>/feed.atom, feed.json, badge/<service>.svg: subscriptions, and the state of one service for other pages.
import { publishedEndpoint } from "@/lib/access/endpoint";
import { statusForm } from "@/lib/status/service";
import { send } from "../../to-html";

export const dynamic = "force-dynamic";

const badgePolicy = "default-src 'none'; style-src 'unsafe-inline'";

export const GET = publishedEndpoint(statusForm, ({ body, type, etag, open }, request) => send(request, { body, type, etag, open, policy: badgePolicy, elsewhere: true }));
