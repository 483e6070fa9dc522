"use client";
// An act on the server: sends it, says what went wrong or well, and has the lists that it touched read again.
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { z, type ZodType } from "zod";
import { fetchJson } from "../live/fetch-json";

export interface ActInput { url: string; body?: unknown; method?: "POST" | "PATCH" | "DELETE"; done?: string }

/** `reads`: the keys of the lists to read again. Errors show as notices unless the caller shows them. */
export function useAct<T>(schema: ZodType<T>, { reads, quiet = false, onSuccess }: { reads: readonly string[]; quiet?: boolean; onSuccess?: (answer: T) => void }) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ url, body = {}, method = "POST" }: ActInput) => fetchJson(url, schema, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    onSuccess: (answer, { done }) => {
      if (done) notifications.show({ color: "green", message: done });
      onSuccess?.(answer);
    },
    onError: (error) => {
      if (!quiet) notifications.show({ color: "red", title: "Not done", message: error.message, autoClose: 10_000 });
    },
    onSettled: () => Promise.all(reads.map((key) => cache.invalidateQueries({ queryKey: [key] }))),
  });
}

export const nothing = z.object({});
