// POST {service, title, tier, kind, address}: ask an address from outside.
import { endpoint } from "@/lib/access/endpoint";
import { addProbe } from "@/lib/status/service";

export const dynamic = "force-dynamic";

export const POST = endpoint(addProbe);
