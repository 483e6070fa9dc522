// What follows a job: one ear at the database per process, from which every follower gets the job as it stands and its new log lines.
import "server-only";
import { causeText } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { createChannel, type Channel } from "@/lib/base/stream";
import type { Topic } from "@/lib/base/topics";
import { channelTopic } from "@/lib/notices/channel-topic";
import { liveCounter, offerTopics } from "@/lib/notices/service";
import { keep } from "@/lib/runtime";
import { changedChannel, jobDatabase, type JobDatabase } from "./database";
import type { JobChange } from "./model";
import { findJob, readLines } from "./queries";

interface Followed {
  channel: Channel<string | null>;
  /** The last log line that was sent. */
  lastLine: number;
}

interface Hub {
  follow(id: string): Promise<Topic>;
  followAll(): Topic;
  /** Stops listening; for tests, a process keeps its hub for life. */
  close(): Promise<void>;
}

/** A job that writes all the time is told of this often; each word carries all that came since the one before. */
const gatherMs = 150;
/** More new lines than this are fetched by whoever wants them. */
const maxLines = 300;
const maxFollowed = 200;
const past = { maxChanges: 200, maxBytes: 512 * 1024, bytes: (text: string | null) => text?.length ?? 4 };

/** Lets browsers follow `job:<id>`, and `jobs:all` for the list. */
export function offerJobTopics(): void {
  const hub = () => keep("jobs.hub", () => createHub(jobDatabase()));
  offerTopics({ prefix: "job", permission: "job.read", open: (id) => hub().follow(id) });
  offerTopics({ prefix: "jobs", permission: "job.read", open: () => hub().followAll() });
}

export function createHub(db: JobDatabase): Hub {
  const followed = new Map<string, Followed>();
  const all: Followed = { channel: createChannel(liveCounter(), past), lastLine: 0 };
  const dirty = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let deafen: (() => Promise<void>) | undefined;

  const tell = async (id: string) => {
    const known = followed.get(id);
    if (all.channel.listeners === 0 && !known) return;
    const job = await findJob(db, id);
    if (all.channel.listeners > 0) all.channel.publish(JSON.stringify({ ...job, steps: undefined, input: undefined }));
    if (!known) return;
    const lines = job.lastLine > known.lastLine && job.lastLine - known.lastLine <= maxLines ? await readLines(db, id, { after: known.lastLine, limit: maxLines }) : [];
    known.lastLine = Math.max(job.lastLine, lines.at(-1)?.n ?? 0);
    const { input: _unchanging, ...moving } = job;
    known.channel.publish(JSON.stringify({ job: moving, lines } satisfies JobChange));
  };
  const tellAll = async () => {
    timer = undefined;
    const ids = [...dirty];
    dirty.clear();
    for (const id of ids) await tell(id).catch((thrown: unknown) => log.warn({ job: id, cause: causeText(thrown) }, "a change of a job could not be told"));
  };
  const listen = () => {
    deafen ??= db.listen(changedChannel, (id) => {
      dirty.add(id);
      timer ??= setTimeout(() => void tellAll(), gatherMs);
    }, () => [all, ...followed.values()].forEach(({ channel }) => channel.publish(null)));
  };
  const forget = () => {
    for (const [id, { channel }] of followed) if (followed.size > maxFollowed && channel.listeners === 0) followed.delete(id);
  };
  return {
    async follow(id) {
      listen();
      const { lastLine } = await findJob(db, id);
      const known = followed.get(id) ?? { channel: createChannel(liveCounter(), past), lastLine };
      followed.set(id, known);
      forget();
      return channelTopic(known.channel);
    },
    followAll() {
      listen();
      return channelTopic(all.channel);
    },
    async close() {
      clearTimeout(timer);
      await deafen?.();
    },
  };
}
