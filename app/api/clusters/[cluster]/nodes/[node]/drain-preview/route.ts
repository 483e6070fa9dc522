// GET: what a drain of the node would do, pod by pod; changes nothing.
import { endpoint } from "@/lib/access/endpoint";
import { drainPreview } from "@/lib/placement/service/drain";

export const dynamic = "force-dynamic";

export const GET = endpoint(drainPreview);
