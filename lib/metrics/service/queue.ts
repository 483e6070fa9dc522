// How many questions Prometheus is asked at once: so many for the console, fewer for one person, and who waits too long is told so.
import "server-only";
import { AppError } from "@/lib/base/errors";
import { keep } from "@/lib/runtime";

/** Prometheus answers 20 at a time and shares them with its own rules. */
const atOnce = 12;
const atOncePerPerson = 6;
const waitMs = 8_000;

interface Waiting { person: string; begin: () => void }
interface Queue { running: string[]; waiting: Waiting[] }

const queue = (): Queue => keep("metrics.queue", () => ({ running: [], waiting: [] }));

/** Asks when it is this person's turn; gives the turn back whatever becomes of the question. Throws too-many after a wait of `waitMs`, and gone when the person left. */
export async function inTurn<T>(person: string, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  await turn(person, signal);
  try {
    return await ask();
  } finally {
    const { running } = queue();
    running.splice(running.indexOf(person), 1);
    admit();
  }
}

function turn(person: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (error: AppError): void => {
      const { waiting } = queue();
      const place = waiting.indexOf(mine);
      if (place < 0) return;
      waiting.splice(place, 1);
      clearTimeout(timer);
      reject(error);
    };
    const left = (): void => leave(new AppError("gone", "The query was cancelled."));
    const timer = setTimeout(() => leave(new AppError("too-many", "Too many queries are running. Wait until some have ended and try again.")), waitMs);
    const mine: Waiting = {
      person,
      begin: () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", left);
        resolve();
      },
    };
    queue().waiting.push(mine);
    signal.addEventListener("abort", left, { once: true });
    if (signal.aborted) left();
    else admit();
  });
}

function admit(): void {
  const { running, waiting } = queue();
  for (let place = 0; place < waiting.length && running.length < atOnce; ) {
    const next = waiting[place];
    if (!next || running.filter((person) => person === next.person).length >= atOncePerPerson) {
      place += 1;
      continue;
    }
    waiting.splice(place, 1);
    running.push(next.person);
    next.begin();
  }
}
