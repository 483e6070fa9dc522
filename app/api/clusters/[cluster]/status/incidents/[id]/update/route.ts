// POST {status, body}: an update of an incident; with the status resolved its end.
import { endpoint } from "@/lib/access/endpoint";
import { updateIncident } from "@/lib/status/service";

export const dynamic = "force-dynamic";

export const POST = endpoint(updateIncident);
