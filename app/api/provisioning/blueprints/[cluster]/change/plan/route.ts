// POST {change}: what one change of the living cluster would do. Changes nothing.
import { endpoint } from "@/lib/access/endpoint";
import { planChange } from "@/lib/provisioning/service/change";

export const dynamic = "force-dynamic";

export const POST = endpoint(planChange);
