// GET: a job with its steps and every attempt.
import { endpoint } from "@/lib/access/endpoint";
import { jobDetails } from "@/lib/jobs/service";

export const dynamic = "force-dynamic";

export const GET = endpoint(jobDetails);
