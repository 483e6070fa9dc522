"use client";
// People with their role and state, and the invitations that are still open.
import { Button, Menu, NativeSelect } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { z } from "zod";
import { roles, type Role } from "@/lib/access/model";
import { Trouble } from "../live/answer";
import { fetchJson } from "../live/fetch-json";
import { Panel } from "../ui/panel";
import { LoadingRows } from "../ui/state-picture";
import css from "./access.module.css";
import { InviteDialog } from "./invite-dialog";
import type { Secret } from "./shown-once";
import { TurnToProvider } from "./turn-to-provider";
import { nothing, useAct } from "./use-act";
import { When } from "./when";

const person = z.object({ id: z.string(), name: z.string(), email: z.string(), role: z.enum(roles), disabled: z.boolean(), sessions: z.number(), lastSignInAt: z.number().nullable(), ways: z.array(z.enum(["password", "provider", "awaits-provider"])) });
const invitation = z.object({ id: z.string(), email: z.string(), role: z.enum(roles), createdBy: z.string(), expiresAt: z.number() });
const list = z.object({ people: z.array(person), invitations: z.array(invitation), provider: z.boolean() });
type Person = z.infer<typeof person>;

const wayWords = { password: "password", provider: "organisation", "awaits-provider": "organisation, not yet" };

export function PeoplePanel({ onSecret }: { onSecret: (secret: Secret) => void }) {
  const [inviting, dialog] = useDisclosure(false);
  const [turning, setTurning] = useState<Person | null>(null);
  const { data, error, refetch } = useQuery({ queryKey: ["people"], queryFn: ({ signal }) => fetchJson("/api/access/people", list, { signal }) });
  return (
    <Panel title="People" aside={<Button size="compact-sm" onClick={dialog.open}>Invite</Button>}>
      {!data && error ? <Trouble error={error} what="the people" retry={() => void refetch()} /> : !data ? <LoadingRows rows={4} /> : (
        <div className={css.scroll} role="region" aria-label="People" tabIndex={0}>
          <table className={css.table}>
            <thead><tr><th>Name</th><th>E-mail</th><th>Role</th><th>Signs in by</th><th>State</th><th>Last sign-in</th><th className={css.end}>Acts</th></tr></thead>
            <tbody>
              {data.people.map((one) => <PersonRow key={one.id} one={one} onSecret={onSecret} onTurn={data.provider && one.ways.includes("password") && !one.ways.includes("provider") ? setTurning : null} />)}
              {data.invitations.map((one) => <InvitationRow key={one.id} one={one} />)}
            </tbody>
          </table>
        </div>
      )}
      <TurnToProvider one={turning} onClose={() => setTurning(null)} />
      <InviteDialog opened={inviting} onClose={dialog.close} onSecret={onSecret} />
    </Panel>
  );
}

function PersonRow({ one, onSecret, onTurn }: { one: Person; onSecret: (secret: Secret) => void; onTurn: ((one: Person) => void) | null }) {
  const at = `/api/access/people/${encodeURIComponent(one.id)}`;
  const act = useAct(nothing, { reads: ["people", "me"] });
  const reset = useAct(z.object({ url: z.string() }), { reads: [], onSuccess: ({ url }) => onSecret({ title: "Link for a new password", say: `Give this link to ${one.name} in a way that only they can read. It works once, within a day.`, text: url }) });
  return (
    <tr>
      <td>{one.name}</td>
      <td className={css.dim}>{one.email}</td>
      <td><NativeSelect size="xs" miw={104} aria-label={`Role of ${one.name}`} data={[...roles]} value={one.role} disabled={act.isPending} onChange={(event) => act.mutate({ url: `${at}/role`, body: { role: event.currentTarget.value }, done: `${one.name} is now ${event.currentTarget.value}.` })} /></td>
      <td className={one.ways.includes("awaits-provider") ? css.unfinished : css.dim}>{one.ways.map((way) => wayWords[way]).join(" or ")}</td>
      <td className={one.disabled ? css.failed : css.dim}>{one.disabled ? "disabled" : one.sessions > 0 ? `${one.sessions} signed in` : "not signed in"}</td>
      <td className={css.dim}><When at={one.lastSignInAt} /></td>
      <td className={css.end}>
        <Menu position="bottom-end">
          <Menu.Target><Button size="compact-xs" variant="default" aria-label={`Acts for ${one.name}`}>…</Button></Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => reset.mutate({ url: `${at}/reset` })}>Link for a new password</Menu.Item>
            {onTurn && <Menu.Item onClick={() => onTurn(one)}>Sign in through the organisation</Menu.Item>}
            <Menu.Item onClick={() => act.mutate({ url: `${at}/sign-out`, done: `${one.name} is signed out everywhere.` })}>Sign out everywhere</Menu.Item>
            {one.disabled
              ? <Menu.Item onClick={() => act.mutate({ url: `${at}/enable`, done: `${one.name} may sign in again.` })}>Enable</Menu.Item>
              : <Menu.Item color="red" onClick={() => act.mutate({ url: `${at}/disable`, done: `${one.name} is disabled and signed out.` })}>Disable and sign out</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
      </td>
    </tr>
  );
}

function InvitationRow({ one }: { one: { id: string; email: string; role: Role; createdBy: string; expiresAt: number } }) {
  const withdraw = useAct(nothing, { reads: ["people"] });
  return (
    <tr>
      <td className={css.dim}>invited by {one.createdBy}</td>
      <td className={css.dim}>{one.email}</td>
      <td>{one.role}</td>
      <td />
      <td className={css.unfinished}>invited</td>
      <td className={css.dim}>until <When at={one.expiresAt} /></td>
      <td className={css.end}><Button size="compact-xs" variant="default" loading={withdraw.isPending} aria-label={`Withdraw the invitation of ${one.email}`} onClick={() => withdraw.mutate({ url: `/api/access/invitations/${encodeURIComponent(one.id)}/withdraw`, done: "The invitation is withdrawn." })}>Withdraw</Button></td>
    </tr>
  );
}
