// POST {text}: what was learned of a resolved incident.
import { endpoint } from "@/lib/access/endpoint";
import { writePostMortem } from "@/lib/status/service";

export const dynamic = "force-dynamic";

export const POST = endpoint(writePostMortem);
