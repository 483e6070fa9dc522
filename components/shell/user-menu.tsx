"use client";
// Who is signed in and as what; signing out.
import { Menu, UnstyledButton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { initials } from "./initials";
import { useMe } from "./queries";
import css from "./user-menu.module.css";

export function UserMenu() {
  const { data } = useMe();
  const cache = useQueryClient();
  const name = data?.actor.name ?? "";
  return (
    <Menu width={220} position="bottom-end" withinPortal>
      <Menu.Target>
        <UnstyledButton className={css.button} aria-label={name ? `Signed in as ${name}, ${data?.actor.role}` : "Account"}>
          {initials(name)}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <span className={css.name}>{name || "–"}</span>
          <span className={css.role}>{data?.actor.role ?? ""}</span>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item onClick={() => void signOut(() => cache.clear())}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

async function signOut(forget: () => void): Promise<void> {
  const answer = await fetch("/api/auth/sign-out", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }).catch(() => null);
  if (!answer?.ok) {
    notifications.show({ color: "red", title: "Not signed out", message: "The console did not answer. Try again." });
    return;
  }
  forget();
  window.location.assign("/sign-in");
}
