"use client";
// A link or key that is shown this once, with a button that copies it.
import { Button, Modal } from "@mantine/core";
import { CopyButton } from "../ui/copy-button";
import css from "./access.module.css";

export interface Secret { title: string; say: string; text: string }

export function ShownOnce({ secret, onClose }: { secret: Secret | null; onClose: () => void }) {
  return (
    <Modal opened={secret !== null} onClose={onClose} title={secret?.title} closeOnClickOutside={false} size="lg">
      {secret && (
        <div className={css.stack}>
          <p>{secret.say}</p>
          <div className={css.secret}><span data-testid="secret">{secret.text}</span><CopyButton text={secret.text} what={secret.title.toLowerCase()} /></div>
          <div className={css.row}><Button onClick={onClose}>I have it</Button></div>
        </div>
      )}
    </Modal>
  );
}
