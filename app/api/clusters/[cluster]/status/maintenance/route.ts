// POST {title, services, startsAt, endsAt}: plan a maintenance window.
import { endpoint } from "@/lib/access/endpoint";
import { planMaintenance } from "@/lib/status/service";

export const dynamic = "force-dynamic";

export const POST = endpoint(planMaintenance);
