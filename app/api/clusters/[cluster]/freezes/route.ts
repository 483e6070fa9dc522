// GET ?since: freeze windows in force and to come; POST {tiers, namespaces, mode, why, startsAt?, until}: a new one.
import { endpoint } from "@/lib/access/endpoint";
import { freezeList, makeFreeze } from "@/lib/deployments/service/freezes";

export const dynamic = "force-dynamic";

export const GET = endpoint(freezeList);
export const POST = endpoint(makeFreeze);
