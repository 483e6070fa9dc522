// GET: what is wrong with a cluster now, worst first, with evidence, cause and fix.
import { endpoint } from "@/lib/access/endpoint";
import { readHealth } from "@/lib/diagnostics/service/health";

export const dynamic = "force-dynamic";

export const GET = endpoint(readHealth);
