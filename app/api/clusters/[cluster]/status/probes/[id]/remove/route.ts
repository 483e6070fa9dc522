// POST: remove a probe.
import { endpoint } from "@/lib/access/endpoint";
import { removeProbe } from "@/lib/status/service";

export const dynamic = "force-dynamic";

export const POST = endpoint(removeProbe);
