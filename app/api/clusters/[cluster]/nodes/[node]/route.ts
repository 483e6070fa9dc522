// GET: the node as the API has it, its events, and the machine under it.
import { endpoint } from "@/lib/access/endpoint";
import { nodeDetails } from "@/lib/placement/service/nodes";

export const dynamic = "force-dynamic";

export const GET = endpoint(nodeDetails);
