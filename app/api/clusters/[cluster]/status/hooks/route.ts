// POST {address}: send the page's news there; answers with the secret that signs them, once.
import { endpoint } from "@/lib/access/endpoint";
import { addHook } from "@/lib/status/service";

export const dynamic = "force-dynamic";

export const POST = endpoint(addHook);
