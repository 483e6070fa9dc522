// GET: the latest notices, newest first; ?limit=.
import { endpoint } from "@/lib/access/endpoint";
import { noticeList } from "@/lib/notices/service";

export const dynamic = "force-dynamic";

export const GET = endpoint(noticeList);
