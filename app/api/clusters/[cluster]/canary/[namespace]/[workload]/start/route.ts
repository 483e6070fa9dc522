// POST: begins the analysis of the version on its way.
import { endpoint } from "@/lib/access/endpoint";
import { startAnalysis } from "@/lib/canary/service/acts";

export const dynamic = "force-dynamic";

export const POST = endpoint(startAnalysis);
