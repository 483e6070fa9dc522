"use client";
// Expressions to choose from: those that people keep for this cluster, and those run last in this browser; and a name for the present one.
import { Button, Menu, Popover, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconBookmark, IconHistory, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { z } from "zod";
import { postJson } from "@/components/live/fetch-json";
import { metricsPath, useSaved } from "../queries";
import css from "./explorer-page.module.css";
import { recentExpressions } from "./recent";

export function Kept({ cluster, current, onChoose }: { cluster: string; current: string; onChoose: (text: string) => void }) {
  const { data } = useSaved(cluster);
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: (id: string) => postJson(`${metricsPath(cluster)}/saved/${id}/remove`, z.unknown(), {}),
    onSuccess: () => client.invalidateQueries({ queryKey: ["metrics", cluster, "saved"] }),
    onError: ({ message }) => notifications.show({ color: "red", message }),
  });
  const [recent, setRecent] = useState<string[]>([]);
  return (
    <>
      <Menu shadow="md" width={420} position="bottom-start">
        <Menu.Target><Button size="compact-sm" variant="default" leftSection={<IconBookmark size={14} />}>Saved{data && data.saved.length > 0 ? ` ${data.saved.length}` : ""}</Button></Menu.Target>
        <Menu.Dropdown className={css.menu}>
          {data?.saved.length === 0 && <Menu.Label>Nobody keeps a query for this cluster yet.</Menu.Label>}
          {data?.saved.map(({ id, name, expression, owner, mine }) => (
            <div key={id} className={css.kept}>
              <Menu.Item onClick={() => onChoose(expression)}><b>{name}</b> <small>{owner}</small><code>{expression}</code></Menu.Item>
              {mine && <Menu.Item className={css.remove} aria-label={`Remove ${name}`} onClick={() => remove.mutate(id)}><IconTrash size={14} /></Menu.Item>}
            </div>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Menu shadow="md" width={420} position="bottom-start" onOpen={() => setRecent(recentExpressions())}>
        <Menu.Target><Button size="compact-sm" variant="default" leftSection={<IconHistory size={14} />}>Recent</Button></Menu.Target>
        <Menu.Dropdown className={css.menu}>
          {recent.length === 0 && <Menu.Label>Nothing was run in this browser yet.</Menu.Label>}
          {recent.map((expression) => <Menu.Item key={expression} onClick={() => onChoose(expression)}><code>{expression}</code></Menu.Item>)}
        </Menu.Dropdown>
      </Menu>
      <Save cluster={cluster} expression={current} />
    </>
  );
}

function Save({ cluster, expression }: { cluster: string; expression: string }) {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => postJson(`${metricsPath(cluster)}/saved`, z.object({ id: z.string() }), { name, expression }),
    onSuccess: async () => {
      setOpen(false);
      setName("");
      await client.invalidateQueries({ queryKey: ["metrics", cluster, "saved"] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" trapFocus shadow="md">
      <Popover.Target><Button size="compact-sm" variant="default" disabled={expression === ""} onClick={() => setOpen(!open)}>Save…</Button></Popover.Target>
      <Popover.Dropdown>
        <form className={css.save} onSubmit={submit}>
          <TextInput size="xs" label="Name" value={name} onChange={({ currentTarget }) => setName(currentTarget.value)} maxLength={80} error={save.error?.message} data-autofocus />
          <Button size="xs" type="submit" disabled={name.trim() === ""} loading={save.isPending}>Save</Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
