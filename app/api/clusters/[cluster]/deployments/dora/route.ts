// GET ?days&tier&unfinished&config: DORA's five measures over the window and the one before it.
import { endpoint } from "@/lib/access/endpoint";
import { doraFigures } from "@/lib/deployments/service/dora";

export const dynamic = "force-dynamic";

export const GET = endpoint(doraFigures);
