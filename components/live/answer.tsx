"use client";
// The states of what was asked for, in one place: loading, forbidden, gone, broken, or what it holds; and what it held while it cannot be read again.
import { Button } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { LoadingRows, StatePicture } from "../ui/state-picture";
import css from "./answer.module.css";
import { FetchError } from "./fetch-json";

interface AnswerProps<T> { query: UseQueryResult<T>; what: string; rows?: number; children: (data: T) => ReactNode }

export function Answer<T>({ query: { data, error, dataUpdatedAt, isPending, refetch }, what, rows = 5, children }: AnswerProps<T>) {
  if (data !== undefined) return <>{error && <Older at={dataUpdatedAt} say={error.message} />}{children(data)}</>;
  if (isPending || !error) return <LoadingRows rows={rows} label={`Loading ${what}`} />;
  return <Trouble error={error} what={what} retry={() => void refetch()} />;
}

/** What was read before stays in its place. */
export function Older({ at, say }: { at: number; say: string }) {
  return <p className={css.older} role="status">As of <time suppressHydrationWarning>{new Date(at).toLocaleTimeString("en-GB")}</time>; it could not be read again. {say}</p>;
}

/** `gone`: the title where there is no such thing. */
export function Trouble({ error, what, gone, page = false, retry }: { error: Error; what: string; gone?: string; page?: boolean; retry?: () => void }) {
  const known = error instanceof FetchError ? error : null;
  const id = known?.requestId ? { requestId: known.requestId } : {};
  if (known?.status === 403 || known?.status === 401) return <StatePicture page={page} kind="forbidden" title={`You may not see ${what}`} say={error.message} {...id} />;
  if (known?.status === 404 || known?.status === 410) return <StatePicture page={page} kind="empty" title={gone ?? `${capital(what)}: not there any more`} say={error.message} />;
  return <StatePicture page={page} kind="broken" title={`${capital(what)} could not be loaded`} say={error.message} {...id} action={retry && <Button size="xs" variant="default" onClick={retry}>Try again</Button>} />;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
