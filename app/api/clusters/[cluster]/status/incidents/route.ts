// GET: incidents that were open at some time since ?since= (epoch ms). POST {title, impact, services, body}: open an incident.
import { endpoint } from "@/lib/access/endpoint";
import { listIncidents, openAnIncident } from "@/lib/status/service";

export const dynamic = "force-dynamic";

export const GET = endpoint(listIncidents);
export const POST = endpoint(openAnIncident);
