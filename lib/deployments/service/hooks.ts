// Webhooks: what GitHub, Argo CD and other CI send of builds and deployments, taken once, only from those who prove themselves.
import "server-only";
import { createHmac, timingSafeEqual } from "node:crypto";
import { ZodError, z } from "zod";
import { record } from "@/lib/access/audit";
import { deliveryEndpoint, type Delivery } from "@/lib/access/endpoint";
import { decrypt, encrypt } from "@/lib/access/secret";
import { feed, inputFault, verb } from "@/lib/access/verb";
import { AppError } from "@/lib/base/errors";
import { database } from "@/lib/runtime";
import { hear, listUnmatched, returnDelivery, takeDelivery } from "../records/ci";
import { heardArgoCd } from "../rules/argocd";
import { heardReport, report, type Heard } from "../rules/ci-event";
import { githubEvents, heardGithub } from "../rules/github";

const maxBytes = 1024 * 1024;
const sources = ["github", "argocd"] as const;
type Source = (typeof sources)[number];

async function secretsOf(source: Source): Promise<string[]> {
  const row = await database().hookSecret.findUnique({ where: { source } });
  return [row?.sealed, row?.earlier].flatMap((sealed) => (sealed ? [decrypt("hooks", source, sealed)] : []));
}

function same(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** One answer for a wrong proof, a missing one and a console that expects none: it tells nobody which it was. */
async function refuse(source: Source, { address, requestId }: Delivery): Promise<never> {
  await record({ actor: { kind: "nobody", id: "", name: `${source} webhook`, via: null }, address, requestId, action: `hook.${source}`, target: { kind: "webhook", name: source }, outcome: "denied", reason: "The delivery does not prove where it comes from." });
  throw new AppError("signed-out", "The delivery does not prove where it comes from.");
}

interface Taken { source: Source; event: string; deliveryId: string; read: (body: unknown) => Heard | null }

async function take(delivery: Delivery, { source, event, deliveryId, read }: Taken): Promise<Record<string, unknown>> {
  const db = database();
  const heard = parsed(delivery.bytes, read);
  if (!(await takeDelivery(db, { source, deliveryId, event, bytes: delivery.bytes.length }))) return { taken: false, say: "This delivery was taken before." };
  try {
    const { matched } = heard ? await hear(db, heard) : { matched: 0 };
    await record({ actor: { kind: "nobody", id: "", name: `${source} webhook`, via: null }, address: delivery.address, requestId: delivery.requestId, action: `hook.${source}`, target: { kind: "delivery", name: `${event} ${deliveryId}` }, outcome: "succeeded" });
    return { taken: true, matched, say: heard ? heard.say : `Nothing is done with ${event}.` };
  } catch (thrown) {
    await returnDelivery(db, { source, deliveryId });
    throw thrown;
  }
}

function parsed(bytes: Buffer, read: Taken["read"]): Heard | null {
  try {
    return read(JSON.parse(bytes.toString("utf8")));
  } catch (thrown) {
    if (thrown instanceof ZodError) throw inputFault(thrown);
    if (thrown instanceof SyntaxError) throw new AppError("invalid", "The body is not valid JSON. GitHub is to be set to the content type application/json.", thrown);
    throw thrown;
  }
}

const token = (headers: Headers, name: string): string => (headers.get(name) ?? "").slice(0, 500);

/** HMAC-SHA256 over the bytes as they came; only then are they read. */
export const githubHook = deliveryEndpoint(maxBytes, async (delivery) => {
  const given = token(delivery.headers, "x-hub-signature-256");
  const secrets = await secretsOf("github");
  const isProven = secrets.map((secret) => same(given, `sha256=${createHmac("sha256", secret).update(delivery.bytes).digest("hex")}`)).includes(true);
  if (!isProven) return refuse("github", delivery);
  const [event, deliveryId] = [token(delivery.headers, "x-github-event"), token(delivery.headers, "x-github-delivery")];
  if (!/^[\w.-]{1,60}$/.test(event) || !/^[\w-]{1,80}$/.test(deliveryId)) throw new AppError("invalid", "The headers x-github-event and x-github-delivery are to be there.");
  return take(delivery, { source: "github", event, deliveryId, read: (body) => (githubEvents.includes(event) ? heardGithub(event, body) : null) });
});

/** Argo CD signs nothing: it brings the secret as a bearer. The same sync in the same state is the same delivery. */
export const argocdHook = deliveryEndpoint(maxBytes, async (delivery) => {
  const given = token(delivery.headers, "authorization");
  const isProven = (await secretsOf("argocd")).map((secret) => same(given, `Bearer ${secret}`)).includes(true);
  if (!isProven) return refuse("argocd", delivery);
  const heard = parsed(delivery.bytes, (body) => heardArgoCd(body, Date.now()));
  const [event] = heard?.events ?? [];
  return take(delivery, { source: "argocd", event: "sync", deliveryId: event ? `${event.externalId}/${event.state}`.slice(0, 300) : "", read: () => heard });
});

/** For any CI, with an API key of the console. */
export const reportBuild = verb({
  name: "deployment.report",
  permission: "deployment.report",
  input: report,
  target: ({ service, externalId }) => ({ kind: "build", name: service === "" ? externalId : service }),
  run: async (_ctx, said) => ({ taken: true, ...(await hear(database(), heardReport(said, Date.now()))) }),
});

export const unmatchedBuilds = feed({
  name: "hooks.unmatched",
  permission: "cluster.read",
  input: z.object({ limit: z.coerce.number().int().min(1).max(500).default(100) }),
  run: async (_ctx, { limit }) => ({ events: await listUnmatched(database(), limit), now: Date.now() }),
});

export const hookSettings = feed({
  name: "hooks.settings",
  permission: "hooks.manage",
  input: z.object({}),
  run: async () => {
    const rows = await database().hookSecret.findMany();
    const newest = await Promise.all(sources.map((source) => database().hookDelivery.findFirst({ where: { source }, orderBy: { receivedAt: "desc" } })));
    return {
      sources: sources.map((source, at) => {
        const row = rows.find((one) => one.source === source);
        return { source, isSet: row !== undefined, hasEarlier: row?.earlier != null, setBy: row?.setBy ?? "", setAt: row?.setAt.getTime() ?? null, lastAt: newest[at]?.receivedAt.getTime() ?? null };
      }),
    };
  },
});

/** The secret before stays good until it is set without `keepEarlier`: senders are changed one by one. */
export const setHookSecret = verb({
  name: "hooks.set-secret",
  permission: "hooks.manage",
  input: z.object({ source: z.enum(sources), secret: z.string().min(20, "at least 20 characters: make one with openssl rand -hex 32").max(200), keepEarlier: z.boolean().default(true) }),
  target: ({ source }) => ({ kind: "webhook", name: source }),
  run: async (ctx, { source, secret, keepEarlier }) => {
    const sealed = encrypt("hooks", source, secret);
    const known = await database().hookSecret.findUnique({ where: { source } });
    const data = { sealed, earlier: keepEarlier ? (known?.sealed ?? null) : null, setBy: ctx.actor.name, setAt: new Date() };
    await database().hookSecret.upsert({ where: { source }, create: { source, ...data }, update: data });
    return { source, isSet: true };
  },
});
