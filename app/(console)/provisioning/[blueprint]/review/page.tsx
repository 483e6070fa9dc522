// The review of one blueprint: plan, cost and checks, and the button that builds.
import { Suspense } from "react";
import { ReviewPage } from "@/components/provisioning/review/review-page";

export const metadata = { title: "Review" };

export default async function Page({ params }: { params: Promise<{ blueprint: string }> }) {
  const name = decodeURIComponent((await params).blueprint);
  return (
    <Suspense>
      <ReviewPage key={name} name={name} />
    </Suspense>
  );
}
