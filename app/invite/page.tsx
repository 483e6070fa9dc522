// Accepting an invitation, or setting a new password.
import { InviteForm } from "@/components/access/invite-form";

export const metadata = { title: "Invitation" };

export default function InvitePage() {
  return <InviteForm />;
}
