// POST {seen}: a Deployment is held where it is.
import { endpoint } from "@/lib/access/endpoint";
import { pauseWorkload } from "@/lib/deployments/service/acts";

export const dynamic = "force-dynamic";

export const POST = endpoint(pauseWorkload);
