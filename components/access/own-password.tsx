"use client";
// Changing one's own password.
import { Button, Modal, PasswordInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { EntryForm } from "./entry";
import { nothing, useAct } from "./use-act";

const show = { "aria-label": "Show the password" };

export function OwnPassword() {
  const [opened, dialog] = useDisclosure(false);
  const change = useAct(nothing, { reads: [], quiet: true, onSuccess: dialog.close });
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={dialog.open}>Change my password</Button>
      <Modal opened={opened} onClose={dialog.close} title="Change my password">
        <EntryForm error={change.error?.message ?? null} onSubmit={({ currentPassword, newPassword }) => change.mutate({ url: "/api/me/password", body: { currentPassword, newPassword }, done: "The password is changed; other sessions are ended." })}>
          <PasswordInput name="currentPassword" label="Present password" autoComplete="current-password" required visibilityToggleButtonProps={show} data-autofocus />
          <PasswordInput name="newPassword" label="New password" description="At least 12 characters" autoComplete="new-password" required visibilityToggleButtonProps={show} />
          <Button type="submit" loading={change.isPending}>Change it</Button>
        </EntryForm>
      </Modal>
    </>
  );
}
