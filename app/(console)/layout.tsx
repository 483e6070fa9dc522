// Everything behind the sign-in stands in the console's frame; who is not signed in is led there.
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { Frame } from "@/components/shell/frame";
import { currentActor } from "@/lib/access/session";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const actor = await currentActor(new Headers(await headers()));
  if (!actor) redirect("/sign-in");
  return <Frame>{children}</Frame>;
}
