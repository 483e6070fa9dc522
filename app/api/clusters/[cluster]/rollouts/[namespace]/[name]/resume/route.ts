// POST {hash}: resumes a Rollout, if that is still the version that is wanted.
import { endpoint } from "@/lib/access/endpoint";
import { rolloutVerbs } from "@/lib/deployments/service/rollouts";

export const dynamic = "force-dynamic";

export const POST = endpoint(rolloutVerbs.resume);
