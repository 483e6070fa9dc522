// POST {consent?: {emptyDir?, bare?}, graceSeconds?, deadlineMinutes?}: starts the job that empties the node; answers its id.
import { endpoint } from "@/lib/access/endpoint";
import { startDrain } from "@/lib/placement/service/drain";

export const dynamic = "force-dynamic";

export const POST = endpoint(startDrain);
