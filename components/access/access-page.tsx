"use client";
// Who may come in: people, invitations and API keys; for administrators.
import { useState } from "react";
import { StatePicture } from "../ui/state-picture";
import { useMe } from "../shell/queries";
import css from "./access.module.css";
import { KeysPanel } from "./keys-panel";
import { OwnPassword } from "./own-password";
import { PeoplePanel } from "./people-panel";
import { ShownOnce, type Secret } from "./shown-once";

export function AccessPage() {
  const [secret, setSecret] = useState<Secret | null>(null);
  const { data } = useMe();
  const may = data?.permissions.includes("people.manage");
  return (
    <div className={css.page}>
      <div className={css.head}>
        <h1 className={css.title}>Access</h1>
        {data?.actor.kind === "user" && <OwnPassword />}
      </div>
      {may === false && <StatePicture kind="forbidden" title="For administrators" say="People and keys are managed by administrators. Your own password you can change above." />}
      {may && (
        <>
          <PeoplePanel onSecret={setSecret} />
          <KeysPanel onSecret={setSecret} />
        </>
      )}
      <ShownOnce secret={secret} onClose={() => setSecret(null)} />
    </div>
  );
}
