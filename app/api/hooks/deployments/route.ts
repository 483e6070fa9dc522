// POST with an API key: what any CI tells of a build or a deployment.
import { endpoint } from "@/lib/access/endpoint";
import { reportBuild } from "@/lib/deployments/service/hooks";

export const dynamic = "force-dynamic";

export const POST = endpoint(reportBuild);
