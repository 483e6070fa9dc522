"use client";
// Accepting an invitation or setting a new password, by a one-time link.
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { z } from "zod";
import { roles } from "@/lib/access/model";
import { postJson } from "../live/fetch-json";
import { LoadingRows, StatePicture } from "../ui/state-picture";
import { Entry, EntryForm } from "./entry";
import { useFragment } from "./fragment";

const link = z.object({ kind: z.enum(["invite", "reset", "set_up"]), email: z.string().nullable(), role: z.enum(roles).nullable() });

export function InviteForm() {
  const token = useFragment();
  const looked = useQuery({ queryKey: ["link", token], queryFn: () => postJson("/api/access/link", link, { token }), enabled: Boolean(token), retry: false, staleTime: Infinity });
  const accept = useMutation({
    mutationFn: async ({ name, password }: Record<string, string>) => {
      const { email } = await postJson("/api/access/accept", z.object({ email: z.string() }), { token, password, ...(name ? { name } : {}) });
      await postJson("/api/auth/sign-in/email", z.object({}), { email, password });
    },
    onSuccess: () => window.location.assign("/"),
  });
  if (token === "") return <Entry title="Invitation"><StatePicture kind="broken" title="The link is not whole" say="Its last part, after #, is missing. Copy the whole link from the message you got." /></Entry>;
  if (looked.isError) return <Entry title="Invitation"><StatePicture kind="broken" title="This link does not work" say={looked.error.message} /></Entry>;
  if (!looked.data) return <Entry title="Invitation"><LoadingRows rows={3} label="Looking at the link" /></Entry>;
  const { kind, email, role } = looked.data;
  const invited = kind === "invite";
  return (
    <Entry title={invited ? "Welcome" : "New password"} say={invited ? `You are invited as ${email}, with the role ${role}.` : `For ${email}. Every session of this account ends.`}>
      <EntryForm onSubmit={(values) => accept.mutate(values)} error={accept.error?.message ?? null}>
        <input type="hidden" name="username" autoComplete="username" value={email ?? ""} readOnly />
        {invited && <TextInput name="name" label="Your name" autoComplete="name" required />}
        <PasswordInput name="password" label="Password" description="At least 12 characters" autoComplete="new-password" required visibilityToggleButtonProps={{ "aria-label": "Show the password" }} />
        <Button type="submit" loading={accept.isPending || accept.isSuccess}>{invited ? "Come in" : "Set the password and sign in"}</Button>
      </EntryForm>
    </Entry>
  );
}
