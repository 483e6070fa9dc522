// POST {seen, note?, override?}: a held Deployment goes on.
import { endpoint } from "@/lib/access/endpoint";
import { resumeWorkload } from "@/lib/deployments/service/acts";

export const dynamic = "force-dynamic";

export const POST = endpoint(resumeWorkload);
