// POST: send a test message.
import { endpoint } from "@/lib/access/endpoint";
import { testHook } from "@/lib/status/service";

export const dynamic = "force-dynamic";

export const POST = endpoint(testHook);
