// GET: the record as a file, ?format=csv or json, with the filters of the page.
import { endpoint } from "@/lib/access/endpoint";
import { exportAudit } from "@/lib/access/service";

export const dynamic = "force-dynamic";

export const GET = endpoint(exportAudit);
