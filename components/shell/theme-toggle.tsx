"use client";
// Dark or light: one press turns it over; the icon is chosen by CSS so that server and browser agree.
import { UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { IconMoon, IconSun } from "@tabler/icons-react";
import css from "./theme-toggle.module.css";

export function ThemeToggle() {
  const { toggleColorScheme } = useMantineColorScheme();
  return (
    <UnstyledButton className={css.button} onClick={() => toggleColorScheme()} aria-label="Turn dark and light over" title="Dark or light">
      <IconMoon size={16} className={css.dark} aria-hidden />
      <IconSun size={16} className={css.light} aria-hidden />
    </UnstyledButton>
  );
}
