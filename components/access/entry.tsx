// The card in the middle of a page before the console: whose it is, what it wants, and a place for what went wrong.
import { Alert } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import { Brand } from "../shell/brand";
import css from "./entry.module.css";

export function Entry({ title, say, children }: { title: string; say?: ReactNode; children: ReactNode }) {
  return (
    <main className={css.page}>
      <div className={css.card}>
        <p className={css.brand}><Brand /> Quarterdeck</p>
        <h1 className={css.title}>{title}</h1>
        {say && <p className={css.say}>{say}</p>}
        {children}
      </div>
    </main>
  );
}

export function EntryForm({ onSubmit, error, children }: { onSubmit: (values: Record<string, string>) => void; error: string | null; children: ReactNode }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(Object.fromEntries([...new FormData(event.currentTarget)].map(([name, value]) => [name, typeof value === "string" ? value : ""])));
  };
  return (
    <form className={css.form} onSubmit={submit} noValidate>
      {error && <Alert color="red" variant="light" role="alert" title={error} />}
      {children}
    </form>
  );
}
