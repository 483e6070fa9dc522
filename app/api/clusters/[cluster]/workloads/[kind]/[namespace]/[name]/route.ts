// GET: a workload with its deployments, the revisions that can be gone back to, and who keeps it.
import { endpoint } from "@/lib/access/endpoint";
import { workloadDetails } from "@/lib/deployments/service/one-record";

export const dynamic = "force-dynamic";

export const GET = endpoint(workloadDetails);
