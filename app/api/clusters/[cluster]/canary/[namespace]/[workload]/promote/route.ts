// POST {hash, typed}: one step on; without a PASS the name is typed.
import { endpoint } from "@/lib/access/endpoint";
import { promoteCanary } from "@/lib/canary/service/acts";

export const dynamic = "force-dynamic";

export const POST = endpoint(promoteCanary);
