// GET: what taking the cluster down would remove. POST {digest, typed, volumes}: starts the job that does it.
import { endpoint } from "@/lib/access/endpoint";
import { planTearingDown, startTeardown } from "@/lib/provisioning/service/teardown";

export const dynamic = "force-dynamic";

export const GET = endpoint(planTearingDown);
export const POST = endpoint(startTeardown);
