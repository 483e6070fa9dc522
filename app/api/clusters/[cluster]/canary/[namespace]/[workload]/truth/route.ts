// POST {run, truth}: what became of the version in truth.
import { endpoint } from "@/lib/access/endpoint";
import { sayTruth } from "@/lib/canary/service/acts";

export const dynamic = "force-dynamic";

export const POST = endpoint(sayTruth);
