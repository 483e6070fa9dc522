"use client";
// One's own prices in place of the catalogue's: what somebody pays by contract is not what a list says.
import { Button, Modal, NumberInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { z } from "zod";
import { fetchJson } from "../../live/fetch-json";
import { Answer } from "../../live/answer";
import { useMay } from "../../shell/queries";
import css from "./review.module.css";

const price = z.object({ item: z.string(), usd: z.number().nullable(), listed: z.number().nullable(), own: z.boolean() });
const pricesAnswer = z.object({ region: z.string(), asOf: z.string(), source: z.string(), prices: z.array(price) });

const words: Record<string, string> = { "gp3-gib": "gp3, GiB a month", "ipv4": "public IPv4, an hour", "load-balancer": "load balancer, an hour", "eks-control-plane": "EKS control plane, an hour" };
const wordOf = (item: string): string => words[item] ?? `${item.replace(/^ec2\./, "")}, an hour`;

export function PricesDialog({ region }: { region: string }) {
  const [open, setOpen] = useState(false);
  const path = `/api/provisioning/prices/${encodeURIComponent(region)}`;
  const query = useQuery({ queryKey: ["provisioning", "prices", region], queryFn: ({ signal }) => fetchJson(path, pricesAnswer, { signal }), enabled: open, refetchOnWindowFocus: false });
  return (
    <>
      <button type="button" className={css.prices} onClick={() => setOpen(true)}>Prices…</button>
      <Modal opened={open} onClose={() => setOpen(false)} title={`Prices in ${region}, US dollars`} size="lg" centered>
        <Answer query={query} what="the prices">
          {({ asOf, source, prices }) => (
            <>
              <p className={css.note}>{asOf === "" ? source : `As of ${asOf}: ${source}`}. Your own price stands before the list's, for every cluster of this region.</p>
              <ul className={css.priceList}>{prices.map((each) => <PriceRow key={`${each.item} ${each.usd ?? ""}`} path={path} price={each} />)}</ul>
            </>
          )}
        </Answer>
      </Modal>
    </>
  );
}

function PriceRow({ path, price: { item, usd, listed, own } }: { path: string; price: z.infer<typeof price> }) {
  const may = useMay("provisioning.edit");
  const cache = useQueryClient();
  const [value, setValue] = useState<number | null>(usd);
  const set = useMutation({
    mutationFn: (to: number | null) => fetchJson(path, z.object({}), { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify({ item, usd: to }) }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["provisioning"] }),
  });
  return (
    <li>
      <span>{wordOf(item)}</span>
      <span className={css.mono}>{listed === null ? "not listed" : listed.toFixed(4)}</span>
      <NumberInput size="xs" aria-label={`Own price of ${wordOf(item)}`} value={value ?? ""} min={0} decimalScale={6} hideControls disabled={!may} error={set.error?.message} onChange={(next) => setValue(typeof next === "number" ? next : null)} />
      <Button size="compact-xs" variant="default" disabled={!may || value === null || value === usd} loading={set.isPending} onClick={() => set.mutate(value)}>Set</Button>
      <Button size="compact-xs" variant="subtle" color="gray" disabled={!may || !own} onClick={() => set.mutate(null)}>List price</Button>
    </li>
  );
}
