// A new blueprint, from a preset to its review.
import { Suspense } from "react";
import { NewBlueprint } from "@/components/provisioning/wizard/wizard-page";

export const metadata = { title: "Build a cluster" };

export default function Page() {
  return (
    <Suspense>
      <NewBlueprint />
    </Suspense>
  );
}
