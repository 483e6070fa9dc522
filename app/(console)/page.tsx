// The front door: leads to the first cluster, or shows what is still coming up.
import { Welcome } from "@/components/shell/welcome";

export default function FrontPage() {
  return <Welcome />;
}
