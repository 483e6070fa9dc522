// POST: cancel a maintenance window.
import { endpoint } from "@/lib/access/endpoint";
import { cancelMaintenance } from "@/lib/status/service";

export const dynamic = "force-dynamic";

export const POST = endpoint(cancelMaintenance);
