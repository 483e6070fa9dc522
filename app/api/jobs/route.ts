// GET: jobs, newest first; ?cluster=, ?which=open|ended, ?limit=.
import { endpoint } from "@/lib/access/endpoint";
import { jobsList } from "@/lib/jobs/service";

export const dynamic = "force-dynamic";

export const GET = endpoint(jobsList);
