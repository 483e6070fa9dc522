// GET: the placement of a cluster as tables, with the number from which the live stream goes on.
import { endpoint } from "@/lib/access/endpoint";
import { placementSnapshot } from "@/lib/placement/service/snapshot";

export const dynamic = "force-dynamic";

export const GET = endpoint(placementSnapshot);
