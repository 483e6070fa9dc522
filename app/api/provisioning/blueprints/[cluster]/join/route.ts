// POST: starts the job that makes fresh join material and revokes what was handed out before.
import { endpoint } from "@/lib/access/endpoint";
import { startRotation } from "@/lib/provisioning/service/upkeep";

export const dynamic = "force-dynamic";

export const POST = endpoint(startRotation);
