// GET: the blueprints, each with what it costs and how much of it is built.
import { endpoint } from "@/lib/access/endpoint";
import { listBlueprints } from "@/lib/provisioning/service/blueprints";

export const dynamic = "force-dynamic";

export const GET = endpoint(listBlueprints);
