"use client";
// The review before a build: blueprint, plan and cost side by side; what is shown is what is built.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { KeyboardEvent } from "react";
import { FetchError } from "../../live/fetch-json";
import { LoadingRows, StatePicture } from "../../ui/state-picture";
import { pagePath, planQuery } from "../queries";
import type { PlanAnswer } from "../wire";
import { chosenOf, WizardBar, type WizardStep } from "../wizard-bar";
import { BlueprintColumn } from "./blueprint-column";
import { BuildBlock } from "./build-block";
import { CostPart } from "./cost-column";
import { PlanColumn } from "./plan-column";
import { Preflight } from "./preflight";
import css from "./review.module.css";

export function ReviewPage({ name }: { name: string }) {
  const query = useQuery(planQuery(name));
  const { data } = query;
  const href = (step: WizardStep): string | null => (step === "review" ? null : `${pagePath(name)}/edit?step=${step}`);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) event.currentTarget.querySelector<HTMLElement>("[data-build]")?.focus();
  };
  return (
    <div className={css.page} onKeyDown={onKeyDown}>
      <WizardBar title="Build a cluster" current="review" chosen={data ? chosenOf(data.blueprint, "as drawn") : {}} href={href} />
      {data ? <Columns answer={data} name={name} lookAgain={() => void query.refetch()} looking={query.isFetching} /> : query.error ? <Trouble error={query.error} name={name} retry={() => void query.refetch()} /> : <LoadingRows rows={16} label="AWS is being looked at" />}
    </div>
  );
}

function Columns({ answer, name, lookAgain, looking }: { answer: PlanAnswer; name: string; lookAgain: () => void; looking: boolean }) {
  return (
    <div className={css.columnsOf} data-stale={looking || undefined}>
      <BlueprintColumn blueprint={answer.blueprint} checks={answer.checks} />
      <PlanColumn plan={answer.plan} cost={answer.cost} counts={answer.counts} longest={answer.longest} />
      <div className={css.column} data-last>
        <div className={css.scroll} tabIndex={0} role="group" aria-label="Cost and checks">
          <CostPart cost={answer.cost} region={answer.blueprint.region} />
          <Preflight blueprint={answer.blueprint} checks={answer.checks} offerings={answer.offerings} />
        </div>
        <BuildBlock key={answer.digest} name={name} answer={answer} lookAgain={lookAgain} looking={looking} />
      </div>
    </div>
  );
}

function Trouble({ error, name, retry }: { error: Error; name: string; retry: () => void }) {
  const known = error instanceof FetchError ? error : null;
  if (known?.status === 403) return <StatePicture kind="forbidden" title="Not for your role" say={error.message} requestId={known.requestId} />;
  if (known?.status === 404) return <StatePicture kind="empty" title="No such blueprint" say={error.message} action={<Button size="xs" variant="default" component={Link} href="/provisioning">All blueprints</Button>} />;
  return <StatePicture kind="broken" title={`${name} could not be planned`} say={error.message} {...(known ? { requestId: known.requestId } : {})} action={<Button size="xs" variant="default" onClick={retry}>Look again</Button>} />;
}
