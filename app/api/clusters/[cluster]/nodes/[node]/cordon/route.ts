// POST: no new pods onto the node.
import { endpoint } from "@/lib/access/endpoint";
import { cordonNode } from "@/lib/placement/service/nodes";

export const dynamic = "force-dynamic";

export const POST = endpoint(cordonNode);
