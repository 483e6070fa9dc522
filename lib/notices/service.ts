// The one stream of a browser: topics that rooms offer, followed together from the number the browser has.
import "server-only";
import { z } from "zod";
import { mayDo } from "@/lib/access/policy";
import type { Permission } from "@/lib/access/model";
import { feed } from "@/lib/access/verb";
import { AppError } from "@/lib/base/errors";
import type { SseWriter } from "@/lib/base/sse";
import { createCounter, type Counter } from "@/lib/base/stream";
import { follow, type Topic } from "@/lib/base/topics";
import { keep } from "@/lib/runtime";
import { channelTopic } from "./channel-topic";
import { openTold, recentNotices } from "./told";

/** A kind of topic, `<prefix>:<id>`, that a room offers. `open` throws AppError when there is no such id. */
export interface TopicKind {
  prefix: string;
  permission: Permission;
  open(id: string): Topic | Promise<Topic>;
}

const kinds = (): Map<string, TopicKind> => keep("notices.topics", () => new Map<string, TopicKind>());

export function offerTopics(kind: TopicKind): void {
  kinds().set(kind.prefix, kind);
}

/** One counter for all topics of this process, so that one number places a browser in all of them. */
export const liveCounter = (): Counter => keep("notices.counter", () => createCounter(crypto.randomUUID().slice(0, 8)));

export const followTopics = feed({
  name: "live.follow",
  permission: "cluster.read",
  input: z.object({ topics: z.array(z.string().max(300)).min(1).max(50), lastSeen: z.string().max(60) }),
  run: async (ctx, { topics, lastSeen }) => {
    const opened = new Map<string, Topic>();
    for (const name of topics) {
      const colon = name.indexOf(":");
      const kind = kinds().get(name.slice(0, colon));
      if (!kind) throw new AppError("not-found", `There is no topic ${name}. Topics are written ${[...kinds().keys()].map((prefix) => `${prefix}:<id>`).join(" or ")}.`);
      if (!mayDo(ctx.actor.role, kind.permission)) throw new AppError("forbidden", `Following ${name} needs the permission ${kind.permission}, which ${ctx.actor.role}s do not have.`);
      opened.set(name, await kind.open(name.slice(colon + 1)));
    }
    return (writer: SseWriter) => follow(writer, { counter: liveCounter(), topics: opened, lastSeen });
  },
});

/** The latest, newest first: what the bell shows. */
export const noticeList = feed({
  name: "notice.list",
  permission: "job.read",
  input: z.object({ limit: z.coerce.number().int().min(1).max(200).default(30) }),
  run: async (_ctx, { limit }) => ({ notices: await recentNotices(limit) }),
});

/** Lets browsers follow `notices:all`. */
export function offerNoticeTopic(): void {
  offerTopics({ prefix: "notices", permission: "job.read", open: () => channelTopic(keep("notices.told", () => openTold(liveCounter()))) });
}
