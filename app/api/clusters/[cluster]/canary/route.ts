// GET: Rollouts on their way with what the judge says, and the last that ended.
import { endpoint } from "@/lib/access/endpoint";
import { canaries } from "@/lib/canary/service/canaries";

export const dynamic = "force-dynamic";

export const GET = endpoint(canaries);
