// POST: a silence is ended before its time.
import { endpoint } from "@/lib/access/endpoint";
import { endSilence } from "@/lib/diagnostics/service/health";

export const dynamic = "force-dynamic";

export const POST = endpoint(endSilence);
