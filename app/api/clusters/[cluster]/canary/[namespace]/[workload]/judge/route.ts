// GET ?canary&stable: the verdict on a version, as Argo Rollouts' web metric asks for it.
import { endpoint } from "@/lib/access/endpoint";
import { askJudge } from "@/lib/canary/service/judge";

export const dynamic = "force-dynamic";

export const GET = endpoint(askJudge);
