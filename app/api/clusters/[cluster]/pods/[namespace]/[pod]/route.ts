// GET: the pod as the API has it with secrets masked, its events, owners and claims.
import { endpoint } from "@/lib/access/endpoint";
import { podDetails } from "@/lib/placement/service/pods";

export const dynamic = "force-dynamic";

export const GET = endpoint(podDetails);
