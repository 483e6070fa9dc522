"use client";
// Silencing a finding with a reason and an end, or ending its silence.
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { ShownFinding } from "@/lib/diagnostics/model";
import { silence as order, unsilence } from "./queries";
import css from "./silence-form.module.css";

const spans = [{ value: "1", label: "for an hour" }, { value: "8", label: "for eight hours" }, { value: "24", label: "for a day" }, { value: "168", label: "for a week" }, { value: "720", label: "for thirty days" }];

export function SilenceForm({ finding: { failure, subject, silence, title }, cluster, onChanged }: { finding: ShownFinding; cluster: string; onChanged: () => void }) {
  const [reason, setReason] = useState("");
  const [hours, setHours] = useState("24");
  const { mutate, isPending, error } = useMutation({
    mutationFn: (): Promise<unknown> => (silence ? unsilence(cluster, silence.id) : order(cluster, { failure, subject: `${subject.kind}/${subject.key}`, reason, endsAt: Date.now() + Number(hours) * 3_600_000 })),
    onSuccess: onChanged,
  });
  if (silence) {
    return (
      <p className={css.form}>
        <span>Silenced by {silence.by} until {new Date(silence.endsAt).toLocaleString()}: {silence.reason}</span>
        <Button size="compact-xs" variant="default" loading={isPending} onClick={() => mutate()}>End the silence</Button>
        {error && <span role="alert" className={css.error}>{error.message}</span>}
      </p>
    );
  }
  return (
    <form className={css.form} onSubmit={(event) => { event.preventDefault(); mutate(); }}>
      <TextInput size="xs" value={reason} onChange={({ currentTarget }) => setReason(currentTarget.value)} placeholder="Why nobody needs to hear of it" aria-label={`Reason to silence ${title}`} required minLength={3} />
      <NativeSelect size="xs" data={spans} value={hours} onChange={({ currentTarget }) => setHours(currentTarget.value)} aria-label="For how long" />
      <Button size="xs" variant="default" type="submit" loading={isPending}>Silence</Button>
      {error && <span role="alert" className={css.error}>{error.message}</span>}
    </form>
  );
}
