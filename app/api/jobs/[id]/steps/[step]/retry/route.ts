// POST: tries a failed step again, or one that waits for a time now.
import { endpoint } from "@/lib/access/endpoint";
import { retryJobStep } from "@/lib/jobs/service";

export const dynamic = "force-dynamic";

export const POST = endpoint(retryJobStep);
