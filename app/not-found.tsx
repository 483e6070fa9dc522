// The address leads nowhere: says so and leads back.
import type { Metadata } from "next";
import Link from "next/link";
import { StatePicture } from "@/components/ui/state-picture";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main>
      <StatePicture page kind="empty" title="There is no such page" say="The address may be mistyped, or what it named was removed." action={<Link href="/">To the console</Link>} />
    </main>
  );
}
