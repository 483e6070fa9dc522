"use client";
// The states of an asked panel in one place: loading, forbidden, gone, broken, or what it holds.
import { Button } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { FetchError } from "@/components/live/fetch-json";
import { LoadingRows, StatePicture } from "@/components/ui/state-picture";

export function Answer<T>({ query, what, children }: { query: UseQueryResult<T>; what: string; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return children(query.data);
  if (query.isPending) return <LoadingRows rows={5} label={`Loading ${what}`} />;
  const error = query.error instanceof FetchError ? query.error : null;
  if (error?.status === 403 || error?.status === 401) return <StatePicture kind="forbidden" title={`You may not see ${what}`} say={error.message} requestId={error.requestId} />;
  if (error?.status === 404 || error?.status === 410) return <StatePicture kind="empty" title={`${capital(what)}: not there any more`} say={error.message} />;
  return <StatePicture kind="broken" title={`${capital(what)} could not be loaded`} say={error?.message ?? query.error?.message} requestId={error?.requestId} action={<Button size="xs" variant="default" onClick={() => void query.refetch()}>Try again</Button>} />;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
