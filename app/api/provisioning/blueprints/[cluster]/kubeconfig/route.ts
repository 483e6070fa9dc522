// POST {hours}: a kubeconfig of the cluster's administrators with a certificate of its own, for those hours.
import { endpoint } from "@/lib/access/endpoint";
import { downloadKubeconfig } from "@/lib/provisioning/service/upkeep";

export const dynamic = "force-dynamic";

export const POST = endpoint(downloadKubeconfig);
