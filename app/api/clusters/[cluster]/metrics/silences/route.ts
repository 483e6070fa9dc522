// GET: silences of the cluster's Alertmanager. POST: makes one.
import { endpoint } from "@/lib/access/endpoint";
import { makeSilence, silenceList } from "@/lib/metrics/service/silences";

export const dynamic = "force-dynamic";

export const GET = endpoint(silenceList);
export const POST = endpoint(makeSilence);
