// GET ?format=csv|json and the filters of the list: records taken out.
import { endpoint } from "@/lib/access/endpoint";
import { exportRecords } from "@/lib/deployments/service/export";

export const dynamic = "force-dynamic";

export const GET = endpoint(exportRecords);
