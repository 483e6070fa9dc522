// POST: stops the analysis that runs.
import { endpoint } from "@/lib/access/endpoint";
import { stopAnalysis } from "@/lib/canary/service/acts";

export const dynamic = "force-dynamic";

export const POST = endpoint(stopAnalysis);
