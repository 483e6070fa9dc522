// Signing in; a person who is signed in already goes on.
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { SignInForm } from "@/components/access/sign-in-form";
import { hasOidc, refusalOf, sayRefused } from "@/lib/access/service";
import { currentActor } from "@/lib/access/session";

export const metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const { then, refused } = await searchParams;
  if (await currentActor(await headers()).catch(() => null)) redirect("/");
  return <SignInForm then={typeof then === "string" ? then : "/"} oidc={hasOidc()} refused={typeof refused === "string" ? sayRefused(refusalOf(refused)) : null} />;
}
