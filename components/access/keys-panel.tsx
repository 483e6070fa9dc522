"use client";
// API keys for programs: who made them, until when, when last used; making and revoking.
import { Button, Modal, NativeSelect, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { z } from "zod";
import { roles } from "@/lib/access/model";
import { Trouble } from "../live/answer";
import { fetchJson } from "../live/fetch-json";
import { Panel } from "../ui/panel";
import { LoadingRows, StatePicture } from "../ui/state-picture";
import css from "./access.module.css";
import { EntryForm } from "./entry";
import type { Secret } from "./shown-once";
import { nothing, useAct } from "./use-act";
import { When } from "./when";

const key = z.object({ id: z.string(), name: z.string(), role: z.enum(roles), hint: z.string(), owner: z.string(), expiresAt: z.number(), lastUsedAt: z.number().nullable(), state: z.enum(["active", "expired", "revoked", "owner disabled"]) });
const list = z.object({ keys: z.array(key) });

export function KeysPanel({ onSecret }: { onSecret: (secret: Secret) => void }) {
  const [making, dialog] = useDisclosure(false);
  const { data, error, refetch } = useQuery({ queryKey: ["keys"], queryFn: ({ signal }) => fetchJson("/api/access/keys", list, { signal }) });
  return (
    <Panel title="API keys" aside={<Button size="compact-sm" onClick={dialog.open}>New key</Button>}>
      {!data && error ? <Trouble error={error} what="the keys" retry={() => void refetch()} /> : !data ? <LoadingRows rows={2} /> : data.keys.length === 0 ? <StatePicture kind="empty" title="No keys" say="A key lets a program, such as CI, call the console without a person." /> : (
        <div className={css.scroll} role="region" aria-label="API keys" tabIndex={0}>
          <table className={css.table}>
            <thead><tr><th>Name</th><th>Key</th><th>Role</th><th>State</th><th>Of</th><th>Expires</th><th>Last used</th><th className={css.end}>Acts</th></tr></thead>
            <tbody>{data.keys.map((one) => <KeyRow key={one.id} one={one} />)}</tbody>
          </table>
        </div>
      )}
      <NewKey opened={making} onClose={dialog.close} onSecret={onSecret} />
    </Panel>
  );
}

function KeyRow({ one }: { one: z.infer<typeof key> }) {
  const revoke = useAct(nothing, { reads: ["keys"] });
  return (
    <tr>
      <td>{one.name}</td>
      <td className={css.mono}>{one.hint}…</td>
      <td>{one.role}</td>
      <td className={one.state === "active" ? css.succeeded : css.dim}>{one.state}</td>
      <td className={css.dim}>{one.owner}</td>
      <td className={css.dim}><When at={one.expiresAt} /></td>
      <td className={css.dim}><When at={one.lastUsedAt} /></td>
      <td className={css.end}>{one.state !== "revoked" && <Button size="compact-xs" variant="default" loading={revoke.isPending} aria-label={`Revoke the key ${one.name}`} onClick={() => revoke.mutate({ url: `/api/access/keys/${encodeURIComponent(one.id)}/revoke`, done: `The key ${one.name} is revoked.` })}>Revoke</Button>}</td>
    </tr>
  );
}

const days = [{ value: "7", label: "7 days" }, { value: "30", label: "30 days" }, { value: "90", label: "90 days" }, { value: "365", label: "1 year" }];

function NewKey({ opened, onClose, onSecret }: { opened: boolean; onClose: () => void; onSecret: (secret: Secret) => void }) {
  const make = useAct(z.object({ key: z.string() }), {
    reads: ["keys"], quiet: true,
    onSuccess: (made) => {
      onClose();
      onSecret({ title: "API key", say: "This is the only time the key is shown. Programs send it as: Authorization: Bearer <key>.", text: made.key });
    },
  });
  return (
    <Modal opened={opened} onClose={onClose} title="New API key">
      <EntryForm error={make.error?.message ?? null} onSubmit={({ name, role, days: chosen }) => make.mutate({ url: "/api/access/keys", body: { name, role, expiresInDays: Number(chosen) } })}>
        <TextInput name="name" label="What it is for" autoComplete="off" required data-autofocus />
        <NativeSelect name="role" label="Role" data={[...roles]} defaultValue="viewer" />
        <NativeSelect name="days" label="Expires after" data={days} defaultValue="90" />
        <Button type="submit" loading={make.isPending}>Make the key</Button>
      </EntryForm>
    </Modal>
  );
}
