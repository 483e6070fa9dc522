// The record of who did what.
import { AuditPage } from "@/components/access/audit-page";

export const metadata = { title: "Audit" };

export default function Page() {
  return <AuditPage />;
}
