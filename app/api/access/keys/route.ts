// GET: API keys. POST: make one; its text is in this answer alone.
import { endpoint } from "@/lib/access/endpoint";
import { apiKeys, createKey } from "@/lib/access/service";

export const dynamic = "force-dynamic";

export const GET = endpoint(apiKeys);
export const POST = endpoint(createKey);
