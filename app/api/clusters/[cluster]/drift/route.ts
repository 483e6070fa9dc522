// GET: what stands otherwise than declared or advisable, each with why and how to fix it.
import { endpoint } from "@/lib/access/endpoint";
import { driftFindings } from "@/lib/placement/service/reasons";

export const dynamic = "force-dynamic";

export const GET = endpoint(driftFindings);
