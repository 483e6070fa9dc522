// POST: leaves a step out, for a reason that is kept; the steps after it go on without it.
import { endpoint } from "@/lib/access/endpoint";
import { skipJobStep } from "@/lib/jobs/service";

export const dynamic = "force-dynamic";

export const POST = endpoint(skipJobStep);
