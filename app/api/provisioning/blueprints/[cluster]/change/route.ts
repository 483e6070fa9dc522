// POST {change, digest, consent, typed}: starts the job that carries out exactly the change that was shown.
import { endpoint } from "@/lib/access/endpoint";
import { startChange } from "@/lib/provisioning/service/change";

export const dynamic = "force-dynamic";

export const POST = endpoint(startChange);
