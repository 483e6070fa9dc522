// GET: the clusters and what of the world is still coming up. POST: add one by kubeconfig.
import { endpoint } from "@/lib/access/endpoint";
import { addClusterByKubeconfig, listClusters } from "@/lib/clusters/service";

export const dynamic = "force-dynamic";

export const GET = endpoint(listClusters);
export const POST = endpoint(addClusterByKubeconfig);
