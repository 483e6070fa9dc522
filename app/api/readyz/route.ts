// Says whether the console can serve now: 200, or 503 with the reason in a word.
import { readiness } from "@/lib/access/service";

export const dynamic = "force-dynamic";

export async function GET(): Promise<Response> {
  const answer = await readiness();
  return Response.json(answer, { status: answer.ready ? 200 : 503, headers: { "cache-control": "no-store" } });
}
