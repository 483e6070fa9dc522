// POST: starts the pods of a Rollout anew, guarded by the version that was looked at.
import { endpoint } from "@/lib/access/endpoint";
import { restartRollout } from "@/lib/deployments/service/rollouts";

export const dynamic = "force-dynamic";

export const POST = endpoint(restartRollout);
