"use client";
// Asks before an account loses its password: what is taken away, and how the person comes in afterwards.
import { Button, Modal } from "@mantine/core";
import css from "./access.module.css";
import { nothing, useAct } from "./use-act";

interface TurnProps { one: { id: string; name: string; email: string } | null; onClose: () => void }

export function TurnToProvider({ one, onClose }: TurnProps) {
  const act = useAct(nothing, { reads: ["people"], onSuccess: onClose });
  return (
    <Modal opened={one !== null} onClose={onClose} title={`Sign in through the organisation: ${one?.name ?? ""}`}>
      {one && (
        <div className={css.stack}>
          <p>The password of {one.email} is taken away, with links for a new one, and every session ends now. The next sign-in through the organisation that confirms this address takes the account over; its role comes from the groups there.</p>
          <p className={css.dim}>A link for a new password turns it back.</p>
          <div className={css.row}>
            <Button variant="default" onClick={onClose}>Keep the password</Button>
            <Button color="red" loading={act.isPending} onClick={() => act.mutate({ url: `/api/access/people/${encodeURIComponent(one.id)}/provider`, done: `${one.name} signs in through the organisation from now on.` })}>Turn to the organisation's sign-in</Button>
          </div>
        </div>
      )}
    </Modal>
  );
}
