// POST: send no more news there.
import { endpoint } from "@/lib/access/endpoint";
import { removeHook } from "@/lib/status/service";

export const dynamic = "force-dynamic";

export const POST = endpoint(removeHook);
