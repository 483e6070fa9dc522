// GET: what was wrong with a cluster and is over, newest first.
import { endpoint } from "@/lib/access/endpoint";
import { readHistory } from "@/lib/diagnostics/service/health";

export const dynamic = "force-dynamic";

export const GET = endpoint(readHistory);
