// GET ?revision: what going back would change.
import { endpoint } from "@/lib/access/endpoint";
import { rollbackPreview } from "@/lib/deployments/service/acts";

export const dynamic = "force-dynamic";

export const GET = endpoint(rollbackPreview);
