// POST {hash, typed}: past all steps; without a PASS the name is typed.
import { endpoint } from "@/lib/access/endpoint";
import { promoteCanaryFully } from "@/lib/canary/service/acts";

export const dynamic = "force-dynamic";

export const POST = endpoint(promoteCanaryFully);
