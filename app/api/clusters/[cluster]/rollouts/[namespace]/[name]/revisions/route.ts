// GET: the revisions of a Rollout that are still there, newest first.
import { endpoint } from "@/lib/access/endpoint";
import { rolloutRevisions } from "@/lib/deployments/service/rollouts";

export const dynamic = "force-dynamic";

export const GET = endpoint(rolloutRevisions);
