// POST {deemed: failed|fine|null}: a person's word on whether the change failed.
import { endpoint } from "@/lib/access/endpoint";
import { deemRecord } from "@/lib/deployments/service/one-record";

export const dynamic = "force-dynamic";

export const POST = endpoint(deemRecord);
