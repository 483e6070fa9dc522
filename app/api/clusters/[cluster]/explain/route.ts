// GET: why a pod is where it is, or is nowhere; ?pod=<namespace>/<name>.
import { endpoint } from "@/lib/access/endpoint";
import { explainPod } from "@/lib/placement/service/reasons";

export const dynamic = "force-dynamic";

export const GET = endpoint(explainPod);
