// POST: revoke an API key.
import { endpoint } from "@/lib/access/endpoint";
import { revokeKey } from "@/lib/access/service";

export const dynamic = "force-dynamic";

export const POST = endpoint(revokeKey);
