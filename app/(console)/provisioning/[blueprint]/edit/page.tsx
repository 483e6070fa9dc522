// A blueprint changed, as a form or as YAML.
import { Suspense } from "react";
import { EditBlueprint } from "@/components/provisioning/wizard/wizard-page";

export const metadata = { title: "Change a blueprint" };

export default async function Page({ params }: { params: Promise<{ blueprint: string }> }) {
  const name = decodeURIComponent((await params).blueprint);
  return (
    <Suspense>
      <EditBlueprint key={name} name={name} />
    </Suspense>
  );
}
