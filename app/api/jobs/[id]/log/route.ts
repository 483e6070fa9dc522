// GET: log lines numbered above ?after=, at most ?limit=.
import { endpoint } from "@/lib/access/endpoint";
import { jobLines } from "@/lib/jobs/service";

export const dynamic = "force-dynamic";

export const GET = endpoint(jobLines);
