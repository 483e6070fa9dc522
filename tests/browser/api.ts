// The console's API as a program would use it: signed in, reading streams frame by frame.
import { inject } from "vitest";
import { frameReader, type Frame } from "../../lib/base/sse";
import type { Account } from "./setup";

export interface Session {
  get(path: string): Promise<Response>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  stream(path: string, headers?: Record<string, string>): Promise<Stream>;
}

export interface Stream {
  frames: Frame[];
  /** Resolves with the first frame, from the beginning, that fits. */
  until(fits: (frame: Frame) => boolean, withinMs?: number): Promise<Frame>;
  ended: Promise<void>;
  close(): void;
}

export function session(role: Account["role"]): Session {
  return sessionOf(inject("cookies")[role]);
}

export function sessionOf(cookie: string): Session {
  const base = inject("consoleUrl");
  return {
    get: (path) => fetch(`${base}${path}`, { headers: { cookie } }),
    post: (path, body = {}, headers = {}) => fetch(`${base}${path}`, { method: "POST", headers: { cookie, origin: base, "content-type": "application/json", ...headers }, body: JSON.stringify(body) }),
    stream: (path, headers = {}) => openStream(`${base}${path}`, { cookie, ...headers }),
  };
}

async function openStream(url: string, headers: Record<string, string>): Promise<Stream> {
  const leave = new AbortController();
  const response = await fetch(url, { headers: { accept: "text/event-stream", ...headers }, signal: leave.signal });
  if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status} ${await response.text()}`);
  const frames: Frame[] = [];
  const waiting = new Set<() => void>();
  const read = frameReader((frame) => {
    frames.push(frame);
    for (const look of waiting) look();
  });
  const decoder = new TextDecoder();
  const { body } = response;
  const ended = (async () => {
    for await (const chunk of body) read(decoder.decode(chunk, { stream: true }));
  })().catch(() => undefined);
  return {
    frames,
    ended,
    close: () => leave.abort(),
    until: (fits, withinMs = 240_000) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`no such frame within ${withinMs} ms; the last were ${JSON.stringify(frames.slice(-3)).slice(0, 600)}`));
        }, withinMs);
        const look = () => {
          const found = frames.find(fits);
          if (!found) return;
          clearTimeout(late);
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}
