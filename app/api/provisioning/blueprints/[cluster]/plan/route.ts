// GET: looks at the world and answers the plan, its cost, the checks and the digest.
import { endpoint } from "@/lib/access/endpoint";
import { planBlueprint } from "@/lib/provisioning/service/plan";

export const dynamic = "force-dynamic";

export const GET = endpoint(planBlueprint);
