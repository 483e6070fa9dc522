// POST: asks a job to stop; it is cancelled when its running step has returned.
import { endpoint } from "@/lib/access/endpoint";
import { cancelJob } from "@/lib/jobs/service";

export const dynamic = "force-dynamic";

export const POST = endpoint(cancelJob);
