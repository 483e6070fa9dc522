// GET: the presets with their blueprints and costs, the types of machines, and the console's own address.
import { endpoint } from "@/lib/access/endpoint";
import { listPresets } from "@/lib/provisioning/service/blueprints";

export const dynamic = "force-dynamic";

export const GET = endpoint(listPresets);
