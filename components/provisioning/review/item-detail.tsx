// One resource of a plan in full: its fields, what differs, what it waits for and why it is in the plan.
import { Fragment } from "react";
import type { PlanItem } from "@/lib/provisioning/plan/model";
import { fieldLabel, fieldText } from "../words";
import css from "./review.module.css";

const important: Partial<Record<PlanItem["kind"], readonly string[]>> = {
  "vpc": ["cidr"], "subnet": ["cidr", "zone"], "route": ["destination", "gateway"], "security-group-rule": ["protocol", "fromPort", "peer", "description"], "security-group": ["groupName"], "iam-role": ["path", "roleName"],
  "iam-role-policy": ["policyName", "role"], "instance-profile": ["profileName"], "ssm-parameter": ["type", "parameterName"], "key-pair": ["keyName"], "instance": ["instanceType", "zone", "rootVolumeGib"],
  "elastic-ip-association": ["address", "instance"], "control-plane": ["kubernetesVersion", "endpoint"], "cni": ["encapsulation", "podCidr"], "node": ["labels", "taints"],
};

/** What tells a row apart at a glance; where something differs, that. */
export function keyFields(item: PlanItem): string {
  if (item.act === "delete") return item.reason;
  if (item.changes.length > 0) return item.changes.map(({ field, was, wanted }) => `${field}: ${fieldText(was)} → ${fieldText(wanted)}`).join(", ");
  if (item.kind === "security-group-rule") {
    const { protocol, fromPort, toPort, peer, description, direction } = item.fields;
    const ports = protocol === "all" ? "all" : `${fieldText(protocol)} ${fieldText(fromPort)}${fromPort === toPort ? "" : `–${fieldText(toPort)}`}`;
    return `${ports} ${direction === "egress" ? "to" : "from"} ${fieldText(peer)}, ${fieldText(description)}`;
  }
  if (item.kind === "instance") return `${fieldText(item.fields["instanceType"])}, ${fieldText(item.fields["zone"]).replace(/^.*-(\d[a-z])$/, "$1")}, ${fieldText(item.fields["rootVolumeGib"])} GiB gp3`;
  return (important[item.kind] ?? []).map((field) => fieldText(item.fields[field])).filter((text) => text !== "–" && text !== "none").join(", ") || item.reason;
}

const maxDocument = 240;

export function ItemDetail({ item }: { item: PlanItem }) {
  const fields = Object.entries(item.fields).filter(([field]) => field !== "elsewhere");
  const elsewhere = item.fields["elsewhere"];
  return (
    <div className={css.detail}>
      <dl className={css.fields}>
        {item.awsId !== null && <><dt>Id</dt><dd>{item.awsId}</dd></>}
        {fields.map(([field, value]) => <Fragment key={field}><dt>{fieldLabel(field)}</dt><dd>{short(fieldText(value))}</dd></Fragment>)}
      </dl>
      {item.changes.length > 0 && (
        <dl className={css.wide}>
          {item.changes.map(({ field, was, wanted }) => <Fragment key={field}><dt>{fieldLabel(field)}</dt><dd><s>{short(fieldText(was))}</s> → <b>{short(fieldText(wanted))}</b></dd></Fragment>)}
        </dl>
      )}
      <dl className={css.wide}>
        {Array.isArray(elsewhere) && elsewhere.length > 0 && <><dt>Zone full</dt><dd>{elsewhere.map((choice) => fieldText(Object(choice).zone)).join(", then ")}</dd></>}
        <dt>After</dt><dd>{item.needs.length === 0 ? "nothing" : afterWords(item.needs)}</dd>
        <dt>Reason</dt><dd>{item.reason}</dd>
      </dl>
    </div>
  );
}

const short = (text: string): string => (text.length > maxDocument ? `${text.slice(0, maxDocument)} …` : text);

/** What is one of a kind by its name, of many the count. */
function afterWords(needs: readonly string[]): string {
  const kinds = [...new Set(needs.map(kindOf))];
  return kinds.map((kind) => { const mine = needs.filter((need) => kindOf(need) === kind); return mine.length === 1 ? (mine[0] ?? "") : `${mine.length} ${kind}s`; }).join(", ").replaceAll("policys", "policies");
}

const kindOf = (id: string): string => id.slice(0, id.indexOf("/")).replaceAll("-", " ");
