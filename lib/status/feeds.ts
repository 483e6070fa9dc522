// The news of a page as Atom and as JSON Feed: one entry per update of an incident and per maintenance, with ids that never change.
import type { StatusDocument } from "./model";

interface Entry { id: string; at: number; title: string; text: string; link: string }

const upper = (word: string): string => `${word[0]?.toUpperCase() ?? ""}${word.slice(1)}`;

function entries({ cluster, incidents, resolved, maintenance }: StatusDocument, base: string): Entry[] {
  const page = `${base}/status/${cluster}`;
  const said = [...incidents, ...resolved].flatMap((one) => one.updates.map(({ id, at, status, body }): Entry => ({ id: `urn:quarterdeck:incident-update:${id}`, at, title: `${upper(status)}: ${one.title}`, text: body, link: `${page}#incident-${one.number}` })));
  const planned = maintenance.map(({ id, title, body, startsAt, endsAt }): Entry => ({ id: `urn:quarterdeck:maintenance:${id}`, at: startsAt, title: `Maintenance: ${title}`, text: `${new Date(startsAt).toISOString()} to ${new Date(endsAt).toISOString()}. ${body}`.trim(), link: page }));
  return [...said, ...planned].sort((a, b) => b.at - a.at);
}

/** What XML cannot hold is left out, and what it reads as its own is escaped. */
export const xml = (text: string): string => text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "").replace(/[<>&"']/g, (one) => `&#${one.charCodeAt(0)};`);

export function atomFeed(document: StatusDocument, base: string): string {
  const { cluster, title, at } = document;
  const items = entries(document, base).map((one) => `<entry><id>${xml(one.id)}</id><title>${xml(one.title)}</title><updated>${new Date(one.at).toISOString()}</updated><link href="${xml(one.link)}"/><content type="text">${xml(one.text)}</content></entry>`);
  return `<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:quarterdeck:status:${xml(cluster)}</id><title>${xml(title)} status</title><updated>${new Date(at).toISOString()}</updated><author><name>${xml(title)}</name></author><link rel="self" href="${xml(`${base}/status/${cluster}/feed.atom`)}"/><link href="${xml(`${base}/status/${cluster}`)}"/>${items.join("")}</feed>\n`;
}

export function jsonFeed(document: StatusDocument, base: string): string {
  const { cluster, title } = document;
  const items = entries(document, base).map((one) => ({ id: one.id, url: one.link, title: one.title, content_text: one.text, date_published: new Date(one.at).toISOString() }));
  return JSON.stringify({ version: "https://jsonfeed.org/version/1.1", title: `${title} status`, home_page_url: `${base}/status/${cluster}`, feed_url: `${base}/status/${cluster}/feed.json`, items });
}
