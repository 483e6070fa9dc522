// POST: lets a job that asked for a person go on from the step where it stands.
import { endpoint } from "@/lib/access/endpoint";
import { resumeJob } from "@/lib/jobs/service";

export const dynamic = "force-dynamic";

export const POST = endpoint(resumeJob);
