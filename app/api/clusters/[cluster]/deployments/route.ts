// GET ?tier&change&outcome&kind&namespace&name&since&until&after&limit: records of deployments, newest first.
import { endpoint } from "@/lib/access/endpoint";
import { recordList } from "@/lib/deployments/service/records";

export const dynamic = "force-dynamic";

export const GET = endpoint(recordList);
