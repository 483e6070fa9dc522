"use client";
// Signing in by password, or by the identity provider where there is one.
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { z } from "zod";
import { postJson } from "../live/fetch-json";
import { Entry, EntryForm } from "./entry";
import { safeTarget } from "./safe-target";

const go = (then: string) => window.location.assign(safeTarget(then));

/** `refused`: what the identity provider's way back ended with. */
export function SignInForm({ then, oidc, refused }: { then: string; oidc: boolean; refused: string | null }) {
  const byPassword = useMutation({
    mutationFn: (values: Record<string, string>) => postJson("/api/auth/sign-in/email", z.object({ ok: z.literal(true) }), { email: values.email, password: values.password }),
    onSuccess: () => go(then),
  });
  const byProvider = useMutation({
    mutationFn: () => postJson("/api/auth/sign-in/social", z.object({ url: z.url() }), { then: safeTarget(then) }),
    onSuccess: ({ url }) => window.location.assign(url),
  });
  const busy = byPassword.isPending || byPassword.isSuccess;
  return (
    <Entry title="Sign in">
      <EntryForm onSubmit={(values) => byPassword.mutate(values)} error={(byPassword.error ?? byProvider.error)?.message ?? (byPassword.isIdle && byProvider.isIdle ? refused : null)}>
        <TextInput name="email" label="E-mail" type="email" autoComplete="username" required autoFocus />
        <PasswordInput name="password" label="Password" autoComplete="current-password" required visibilityToggleButtonProps={{ "aria-label": "Show the password" }} />
        <Button type="submit" loading={busy}>Sign in</Button>
        {oidc && <Button variant="default" loading={byProvider.isPending || byProvider.isSuccess} onClick={() => byProvider.mutate()}>Sign in with your organisation</Button>}
      </EntryForm>
    </Entry>
  );
}
