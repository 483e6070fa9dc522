"use client";
// Copies a text to the clipboard and says so for a moment, in the icon and to a screen reader.
import { CopyButton as Copy, UnstyledButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import css from "./copy-button.module.css";

export function CopyButton({ text, what }: { text: string; what: string }) {
  return (
    <Copy value={text} timeout={1500}>
      {({ copied, copy }) => (
        <UnstyledButton className={css.button} onClick={copy} aria-label={copied ? `${what} copied` : `Copy ${what}`} title={copied ? "Copied" : `Copy ${what}`} aria-live="polite">
          {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
        </UnstyledButton>
      )}
    </Copy>
  );
}
