// GET: stepped canaries of plain Deployments, left-over ones among them. POST: begins one.
import { endpoint } from "@/lib/access/endpoint";
import { startStepped, steppedList } from "@/lib/canary/service/stepper";

export const dynamic = "force-dynamic";

export const GET = endpoint(steppedList);
export const POST = endpoint(startStepped);
