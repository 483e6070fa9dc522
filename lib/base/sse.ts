// Server-sent events: writing a frame, reading frames, and a response that ends when it should.

export interface Frame { event: string; data: string; id?: string }

/** One frame as it goes over the wire. Line breaks in data become data lines; in event and id they are refused. */
export function toFrame({ event, data, id }: Frame): string {
  if (/[\r\n]/.test(event) || (id && /[\r\n\0]/.test(id))) throw new RangeError("a line break in an event name or id");
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`).join("");
  return `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\n${lines}\n`;
}

export const pingFrame = ": ping\n\n";

/** Splits incoming text into frames; feed it chunks in order. Comments come back as event "" so that silence can be told from quiet. */
export function frameReader(onFrame: (frame: Frame) => void): (chunk: string) => void {
  let rest = "";
  return (chunk) => {
    rest += chunk;
    for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
      onFrame(readFrame(rest.slice(0, end)));
      rest = rest.slice(end + 2);
    }
  };
}

function readFrame(block: string): Frame {
  const frame: Frame = { event: "", data: "" };
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const value = line.slice(colon + 1).replace(/^ /, "");
    const field = line.slice(0, colon);
    if (field === "data") data.push(value);
    else if (field === "event") frame.event = value;
    else if (field === "id") frame.id = value;
  }
  frame.data = data.join("\n");
  return frame;
}

export interface SseWriter {
  /** False when the reader is slow: the frame was not taken, and nothing after it makes sense without a snapshot. */
  send(frame: Frame): boolean;
  readonly signal: AbortSignal;
  close(): void;
}

const pingMs = 15_000;
/** Frames waiting for a slow reader before it is told to start over. */
const highWaterBytes = 512 * 1024;

/** A text/event-stream response. `run` is called once; the stream ends when the reader leaves, `signal` aborts, or it closes. */
export function sseResponse(signal: AbortSignal, run: (writer: SseWriter) => void | Promise<void>): Response {
  const encoder = new TextEncoder();
  const gone = new AbortController();
  const end = AbortSignal.any([signal, gone.signal]);
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const push = (text: string) => controller.enqueue(encoder.encode(text));
        const ping = setInterval(() => push(pingFrame), pingMs);
        const close = () => gone.abort();
        end.addEventListener("abort", () => {
          clearInterval(ping);
          closeQuietly(controller);
        }, { once: true });
        const writer: SseWriter = {
          send(frame) {
            if (end.aborted) return false;
            if ((controller.desiredSize ?? 0) <= 0) return false;
            push(toFrame(frame));
            return true;
          },
          signal: end,
          close,
        };
        push(pingFrame);
        if (signal.aborted) return close();
        void Promise.resolve(run(writer)).catch(close);
      },
      cancel: () => gone.abort(),
    },
    { highWaterMark: highWaterBytes, size: (chunk) => chunk?.byteLength ?? 0 },
  );
  return new Response(body, {
    headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store, no-transform", "x-accel-buffering": "no" },
  });
}

/** A stream that its reader cancelled is closed already, and says so by throwing. */
function closeQuietly(controller: ReadableStreamDefaultController<Uint8Array>): void {
  try {
    controller.close();
  } catch {
    return;
  }
}
