// GET ?run: one canary whole.
import { endpoint } from "@/lib/access/endpoint";
import { canary } from "@/lib/canary/service/canaries";

export const dynamic = "force-dynamic";

export const GET = endpoint(canary);
