"use client";
// For how long deployments are kept, and for administrators another number.
import { Button, Group, NumberInput } from "@mantine/core";
import { useState } from "react";
import { nothing, useAct } from "../access/use-act";
import { useMay } from "../shell/queries";
import { Panel } from "../ui/panel";
import { useRetention } from "./queries";
import css from "./record-page.module.css";

export function RetentionPanel() {
  const { data } = useRetention();
  const may = useMay("hooks.manage");
  const [days, setDays] = useState<number | null>(null);
  const act = useAct(nothing, { reads: ["hooks"], onSuccess: () => setDays(null) });
  if (!data) return null;
  return (
    <Panel title="Kept" flush={false}>
      <p className={css.none}>A deployment, with its pods and events of the moment, is kept for <span className={css.mono}>{data.days}</span> days. Take them along before as CSV or JSON from the list of deployments.</p>
      {may && (
        <form onSubmit={(event) => { event.preventDefault(); act.mutate({ url: "/api/hooks/retention", body: { days: days ?? data.days }, done: `Deployments are kept for ${days ?? data.days} days.` }); }}>
          <Group gap={10} align="flex-end">
            <NumberInput size="xs" label="Days" description="30 to 3660; what is older goes within hours" min={30} max={3660} clampBehavior="none" allowDecimal={false} value={days ?? data.days} onChange={(value) => setDays(Number(value))} />
            <Button size="xs" type="submit" variant="default" disabled={days === null || days === data.days} loading={act.isPending}>Keep so long</Button>
          </Group>
        </form>
      )}
    </Panel>
  );
}
