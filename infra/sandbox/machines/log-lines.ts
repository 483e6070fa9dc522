// What a container wrote, as a function of who it is and when it started: nothing is stored, and every reader sees the same lines.
import { createHash } from "node:crypto";
import { voiceOf, type Voice } from "./log-voices.ts";

export interface LogSource {
  /** Pod uid, container and number of the restart: another container, other lines. */
  seed: string;
  namespace: string;
  app: string;
  container: string;
  image: string;
  startedAtMs: number;
  /** When it ended; null while it runs. */
  endedAtMs: number | null;
  /** Why it ended, which its last lines tell. */
  ending: "crash" | "oom" | "done" | null;
}

export interface LogLine { atMs: number; text: string }

/** A log is rotated away in the end, as the kubelet does. */
const keptLines = 4_000;

export function randomFrom(seed: string, index: number): () => number {
  let state = createHash("sha256").update(`${seed}/${index}`).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function endingLines(source: LogSource, voice: Voice): string[] {
  if (source.ending === "crash") return voice.crash;
  return source.ending === "done" ? ["done, exiting with code 0"] : [];
}

/** The n-th line: the first ones tell of the start, each later one falls somewhere into its own slot of time. */
function lineAt(source: LogSource, voice: Voice, index: number): LogLine {
  const random = randomFrom(source.seed, index);
  const first = voice.start[index];
  if (first !== undefined) return { atMs: source.startedAtMs + 40 + index * 37 + Math.floor(random() * 20), text: first };
  const slot = index - voice.start.length;
  const atMs = source.startedAtMs + 400 + Math.floor((slot + random()) * voice.everyMs);
  return { atMs, text: voice.line(random, new Date(atMs)) };
}

function firstIndexAfter(source: LogSource, voice: Voice, atMs: number): number {
  const slot = Math.floor((atMs - source.startedAtMs - 400) / voice.everyMs) - 1;
  return slot <= 0 ? 0 : slot + voice.start.length;
}

/** All lines between two moments, oldest first; at most as many as are kept. */
export function linesBetween(source: LogSource, fromMs: number, toMs: number): LogLine[] {
  const voice = voiceOf(source);
  const until = source.endedAtMs === null ? toMs : Math.min(toMs, source.endedAtMs);
  const last = firstIndexAfter(source, voice, until) + 3 + voice.start.length;
  const found: LogLine[] = [];
  for (let index = Math.max(firstIndexAfter(source, voice, fromMs), last - keptLines, 0); index <= last; index += 1) {
    const line = lineAt(source, voice, index);
    if (line.atMs > fromMs && line.atMs <= until) found.push(line);
  }
  if (source.endedAtMs !== null && source.endedAtMs <= toMs && source.endedAtMs > fromMs) {
    for (const text of endingLines(source, voice)) found.push({ atMs: source.endedAtMs, text });
  }
  return found;
}

/** The last lines before a moment, looking no further back than needed. */
export function lastLines(source: LogSource, count: number, toMs: number): LogLine[] {
  const { everyMs } = voiceOf(source);
  const from = Math.max(source.startedAtMs - 1, (source.endedAtMs ?? toMs) - (count + 8) * everyMs);
  return linesBetween(source, from, toMs).slice(-count);
}
