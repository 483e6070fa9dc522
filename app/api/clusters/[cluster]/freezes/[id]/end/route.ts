// POST {}: ends a freeze before its time.
import { endpoint } from "@/lib/access/endpoint";
import { endFreeze } from "@/lib/deployments/service/freezes";

export const dynamic = "force-dynamic";

export const POST = endpoint(endFreeze);
