// POST: the node takes pods again.
import { endpoint } from "@/lib/access/endpoint";
import { uncordonNode } from "@/lib/placement/service/nodes";

export const dynamic = "force-dynamic";

export const POST = endpoint(uncordonNode);
