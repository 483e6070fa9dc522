// POST {definition}: what a lint says of an analysis, and what Prometheus would be asked.
import { endpoint } from "@/lib/access/endpoint";
import { checkAnalysis } from "@/lib/canary/service/analyses";

export const dynamic = "force-dynamic";

export const POST = endpoint(checkAnalysis);
