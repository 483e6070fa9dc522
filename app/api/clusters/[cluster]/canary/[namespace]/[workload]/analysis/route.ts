// GET: the analysis of a workload with templates and YAML for Argo Rollouts. POST {definition, settings}: keeps it.
import { endpoint } from "@/lib/access/endpoint";
import { analysisOf, saveAnalysis } from "@/lib/canary/service/analyses";

export const dynamic = "force-dynamic";

export const GET = endpoint(analysisOf);
export const POST = endpoint(saveAnalysis);
