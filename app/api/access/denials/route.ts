// GET: how often people without a session were refused, by route, over the last day.
import { endpoint } from "@/lib/access/endpoint";
import { denialCounts } from "@/lib/access/service";

export const dynamic = "force-dynamic";

export const GET = endpoint(denialCounts);
