// POST {seen, replicas, note?, override?}: another number of pods.
import { endpoint } from "@/lib/access/endpoint";
import { scaleWorkload } from "@/lib/deployments/service/acts";

export const dynamic = "force-dynamic";

export const POST = endpoint(scaleWorkload);
