// POST: try a kubeconfig without keeping it.
import { endpoint } from "@/lib/access/endpoint";
import { testKubeconfig } from "@/lib/clusters/service";

export const dynamic = "force-dynamic";

export const POST = endpoint(testKubeconfig);
