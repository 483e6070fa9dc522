// GET: the blueprint as an archive of Terraform files, with import blocks for what stands already.
import { endpoint } from "@/lib/access/endpoint";
import { exportBlueprint } from "@/lib/provisioning/service/export";

export const dynamic = "force-dynamic";

export const GET = endpoint(exportBlueprint);
