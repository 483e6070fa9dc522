// POST: {hash, container, image}: another image, guarded by the version that was looked at.
import { endpoint } from "@/lib/access/endpoint";
import { setRolloutImage } from "@/lib/deployments/service/rollouts";

export const dynamic = "force-dynamic";

export const POST = endpoint(setRolloutImage);
