// POST {question}: what would happen, played on a copy; changes nothing.
import { endpoint } from "@/lib/access/endpoint";
import { askWhatIf } from "@/lib/placement/service/reasons";

export const dynamic = "force-dynamic";

export const POST = endpoint(askWhatIf);
