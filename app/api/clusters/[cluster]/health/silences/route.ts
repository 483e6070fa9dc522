// POST: a finding is silenced, with a reason and an end.
import { endpoint } from "@/lib/access/endpoint";
import { silenceFinding } from "@/lib/diagnostics/service/health";

export const dynamic = "force-dynamic";

export const POST = endpoint(silenceFinding);
