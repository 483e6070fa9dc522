// PATCH {title}: another title. DELETE {typed}: remove a cluster that was added here.
import { endpoint } from "@/lib/access/endpoint";
import { removeCluster, renameCluster } from "@/lib/clusters/service";

export const dynamic = "force-dynamic";

export const PATCH = endpoint(renameCluster);
export const DELETE = endpoint(removeCluster);
