// POST: makes one version again of two that nobody steps any more.
import { endpoint } from "@/lib/access/endpoint";
import { settleStepped } from "@/lib/canary/service/stepper";

export const dynamic = "force-dynamic";

export const POST = endpoint(settleStepped);
