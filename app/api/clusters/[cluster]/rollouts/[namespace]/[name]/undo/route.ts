// POST: {hash, revision}: back to what an earlier revision ran, guarded by the version that was looked at.
import { endpoint } from "@/lib/access/endpoint";
import { undoRollout } from "@/lib/deployments/service/rollouts";

export const dynamic = "force-dynamic";

export const POST = endpoint(undoRollout);
