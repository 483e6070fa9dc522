// POST {seen, revision, way?, note?, override?}: back to an earlier revision.
import { endpoint } from "@/lib/access/endpoint";
import { rollBack } from "@/lib/deployments/service/acts";

export const dynamic = "force-dynamic";

export const POST = endpoint(rollBack);
