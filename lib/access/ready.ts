// Whether the console can serve now: it is not ending, and its database answers. Asked by load balancers at any rate, so the answer is kept for a moment.
import "server-only";
import { database, ending, keep } from "@/lib/runtime";

const keptMs = 1000;
const answerWithinMs = 2000;

export interface Ready { ready: boolean; say: string }

interface Kept { at: number; answer: Promise<Ready> }

export function readiness(): Promise<Ready> {
  if (ending().signal.aborted) return Promise.resolve({ ready: false, say: "the console is ending" });
  const kept = keep("access.ready", (): Kept => ({ at: 0, answer: Promise.resolve({ ready: false, say: "" }) }));
  if (Date.now() - kept.at >= keptMs) Object.assign(kept, { at: Date.now(), answer: ask() });
  return kept.answer;
}

async function ask(): Promise<Ready> {
  const late = AbortSignal.timeout(answerWithinMs);
  const slow = new Promise<Ready>((resolve) => late.addEventListener("abort", () => resolve({ ready: false, say: "the database does not answer in time" }), { once: true }));
  const answer = Promise.resolve().then(() => database().$queryRaw`SELECT 1`).then(() => ({ ready: true, say: "" }), () => ({ ready: false, say: "the database does not answer" }));
  return Promise.race([answer, slow]);
}
