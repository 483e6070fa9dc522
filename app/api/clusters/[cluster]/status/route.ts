// GET: what the console shows of the status page. POST {published, audience, …}: publish it, for whom and under which names.
import { endpoint } from "@/lib/access/endpoint";
import { publishStatus, statusOffice } from "@/lib/status/service";

export const dynamic = "force-dynamic";

export const GET = endpoint(statusOffice);
export const POST = endpoint(publishStatus);
