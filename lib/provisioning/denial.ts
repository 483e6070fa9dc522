// Why AWS refused something, from the reason that it tells to those who may decode it.
import { z } from "zod";

const statement = z.object({ statementId: z.string().optional() });
const decoded = z.object({
  explicitDeny: z.boolean(),
  matchedStatements: z.object({ items: z.array(statement).default([]) }).optional(),
  context: z.object({ principal: z.object({ arn: z.string() }), action: z.string(), resource: z.string() }),
});

/** A sentence; "" where there is nothing to be read. */
export function sayDenial(text: string): string {
  const known = decoded.safeParse(jsonOf(text)).data;
  if (!known) return "";
  const { explicitDeny, matchedStatements, context: { principal, action, resource } } = known;
  const ids = (matchedStatements?.items ?? []).flatMap(({ statementId }) => (statementId ? [statementId] : []));
  const who = principal.arn.split(":").at(-1) ?? principal.arn;
  return explicitDeny
    ? `A policy of ${who} denies ${action} on ${resource} expressly${ids.length > 0 ? ` (statement ${ids.join(", ")})` : ""}: an Allow elsewhere does not help.`
    : `No policy of ${who} allows ${action} on ${resource}.`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
