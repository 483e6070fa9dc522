// POST: ends a silence now.
import { endpoint } from "@/lib/access/endpoint";
import { expireSilence } from "@/lib/metrics/service/silences";

export const dynamic = "force-dynamic";

export const POST = endpoint(expireSilence);
