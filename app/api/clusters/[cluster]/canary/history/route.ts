// GET ?limit: analyses that ended, newest first.
import { endpoint } from "@/lib/access/endpoint";
import { canaryHistory } from "@/lib/canary/service/canaries";

export const dynamic = "force-dynamic";

export const GET = endpoint(canaryHistory);
