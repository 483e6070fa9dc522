"use client";
// Inviting someone: an address, a role, how long the link works.
import { Button, Modal, NativeSelect, TextInput } from "@mantine/core";
import { z } from "zod";
import { roles } from "@/lib/access/model";
import { EntryForm } from "./entry";
import type { Secret } from "./shown-once";
import { useAct } from "./use-act";

const durations = [{ value: "24", label: "1 day" }, { value: "72", label: "3 days" }, { value: "336", label: "14 days" }];

export function InviteDialog({ opened, onClose, onSecret }: { opened: boolean; onClose: () => void; onSecret: (secret: Secret) => void }) {
  const invite = useAct(z.object({ url: z.string() }), {
    reads: ["people"], quiet: true,
    onSuccess: ({ url }) => {
      onClose();
      onSecret({ title: "Invitation link", say: "Give this link to the person in a way that only they can read. It works once.", text: url });
    },
  });
  return (
    <Modal opened={opened} onClose={onClose} title="Invite someone">
      <EntryForm error={invite.error?.message ?? null} onSubmit={({ email, role, hours }) => invite.mutate({ url: "/api/access/people", body: { email, role, expiresInHours: Number(hours) } })}>
        <TextInput name="email" label="E-mail" type="email" autoComplete="off" required data-autofocus />
        <NativeSelect name="role" label="Role" description="viewer sees · operator acts on clusters · admin manages people and clusters" data={[...roles]} defaultValue="viewer" />
        <NativeSelect name="hours" label="The link works for" data={durations} defaultValue="72" />
        <Button type="submit" loading={invite.isPending}>Make the link</Button>
      </EntryForm>
    </Modal>
  );
}
