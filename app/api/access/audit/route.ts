// GET: the record, newest first, by page.
import { endpoint } from "@/lib/access/endpoint";
import { auditEntries } from "@/lib/access/service";

export const dynamic = "force-dynamic";

export const GET = endpoint(auditEntries);
