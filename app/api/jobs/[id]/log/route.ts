// GET: log lines numbered above ?after= (below 0: so many from the end), at most ?limit=.
import { endpoint } from "@/lib/access/endpoint";
import { jobLines } from "@/lib/jobs/service";

export const dynamic = "force-dynamic";

export const GET = endpoint(jobLines);
