// GET ?limit: builds and deployments of CI that met no record yet.
import { endpoint } from "@/lib/access/endpoint";
import { unmatchedBuilds } from "@/lib/deployments/service/hooks";

export const dynamic = "force-dynamic";

export const GET = endpoint(unmatchedBuilds);
