// POST {expression, at?}: what a free expression is now, as a table.
import { endpoint } from "@/lib/access/endpoint";
import { instantTable } from "@/lib/metrics/service/explore";

export const dynamic = "force-dynamic";

export const POST = endpoint(instantTable);
