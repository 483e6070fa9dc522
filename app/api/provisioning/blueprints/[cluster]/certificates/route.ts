// GET: when the cluster's certificates run out. POST: starts the job that renews them.
import { endpoint } from "@/lib/access/endpoint";
import { listCertificates, startRenewal } from "@/lib/provisioning/service/upkeep";

export const dynamic = "force-dynamic";

export const GET = endpoint(listCertificates);
export const POST = endpoint(startRenewal);
