// The one stream of a browser: GET /api/live?topic=placement:<slug>&topic=job:<id>, resumed by Last-Event-ID or since.
import { streamEndpoint } from "@/lib/access/endpoint";
import { followTopics } from "@/lib/notices/service";

export const dynamic = "force-dynamic";

export const GET = streamEndpoint(followTopics, (request) => {
  const { searchParams } = new URL(request.url);
  return { topics: [...new Set(searchParams.getAll("topic"))], lastSeen: request.headers.get("last-event-id") ?? searchParams.get("since") ?? "" };
});
