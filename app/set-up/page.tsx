// Making the first administrator.
import { SetUpForm } from "@/components/access/set-up-form";

export const metadata = { title: "First administrator" };

export default function SetUpPage() {
  return <SetUpForm />;
}
