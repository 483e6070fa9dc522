"use client";
// Making the first administrator, by the link that was printed at start, or its token typed.
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { z } from "zod";
import { postJson } from "../live/fetch-json";
import { Entry, EntryForm } from "./entry";
import { useFragment } from "./fragment";

export function SetUpForm() {
  const fragment = useFragment();
  const setUp = useMutation({
    mutationFn: async ({ token, name, email, password }: Record<string, string>) => {
      await postJson("/api/access/set-up", z.object({}), { token: (token ?? fragment ?? "").trim(), name, email, password });
      await postJson("/api/auth/sign-in/email", z.object({}), { email, password });
    },
    onSuccess: () => window.location.assign("/"),
  });
  return (
    <Entry title="First administrator" say="This console has no administrator yet. Whoever holds the link that was printed at its start becomes the first.">
      <EntryForm onSubmit={(values) => setUp.mutate(values)} error={setUp.error?.message ?? null}>
        {fragment === "" && <TextInput name="token" label="Token of the printed link" description="What stands after # in it" autoComplete="off" required />}
        <TextInput name="name" label="Name" autoComplete="name" required />
        <TextInput name="email" label="E-mail" type="email" autoComplete="username" required />
        <PasswordInput name="password" label="Password" description="At least 12 characters" autoComplete="new-password" required visibilityToggleButtonProps={{ "aria-label": "Show the password" }} />
        <Button type="submit" loading={setUp.isPending || setUp.isSuccess}>Make the administrator and sign in</Button>
      </EntryForm>
    </Entry>
  );
}
