// POST {uid}: deletes exactly this pod, never one that took its name.
import { endpoint } from "@/lib/access/endpoint";
import { deletePod } from "@/lib/placement/service/pods";

export const dynamic = "force-dynamic";

export const POST = endpoint(deletePod);
