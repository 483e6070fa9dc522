// POST {seen, note?, override?}: its pods are started anew, one by one.
import { endpoint } from "@/lib/access/endpoint";
import { restartWorkload } from "@/lib/deployments/service/acts";

export const dynamic = "force-dynamic";

export const POST = endpoint(restartWorkload);
