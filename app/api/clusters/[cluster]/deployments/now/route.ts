// GET: the newest deployment of each workload, and what is rolling out.
import { endpoint } from "@/lib/access/endpoint";
import { deploymentsNow } from "@/lib/deployments/service/records";

export const dynamic = "force-dynamic";

export const GET = endpoint(deploymentsNow);
