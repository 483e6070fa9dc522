// POST {title, impact, services, body}: open an incident.
import { endpoint } from "@/lib/access/endpoint";
import { openAnIncident } from "@/lib/status/service";

export const dynamic = "force-dynamic";

export const POST = endpoint(openAnIncident);
