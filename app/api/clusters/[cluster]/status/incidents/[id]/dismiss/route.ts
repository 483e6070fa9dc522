// POST: put a suggested incident away.
import { endpoint } from "@/lib/access/endpoint";
import { dismissIncident } from "@/lib/status/service";

export const dynamic = "force-dynamic";

export const POST = endpoint(dismissIncident);
