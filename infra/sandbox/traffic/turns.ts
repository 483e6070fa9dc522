// What was ordered of the traffic: how versions and machines behave, how often a service is asked, and incidents that hit every version alike.

export interface Behaviour {
  /** In place of the service's own. */
  errorRate?: number;
  /** Times the rate that there is otherwise. */
  errorFactor?: number;
  latencyFactor?: number;
}

export interface Incident { app: string; errorFactor: number; fromMs: number; toMs: number }

export interface Turns {
  /** By image tag, template hash, or the label `version`. */
  versions: Map<string, Behaviour>;
  nodes: Map<string, Behaviour>;
  /** Requests a second, held without a day's rise and fall. */
  rates: Map<string, number>;
  incidents: Incident[];
}

export function noTurns(): Turns {
  return { versions: new Map(), nodes: new Map(), rates: new Map(), incidents: [] };
}

/** How many times more a service errs over a span: an incident counts for the part of the span in which it lasts. */
export function incidentFactor(incidents: readonly Incident[], app: string, { fromMs, toMs }: { fromMs: number; toMs: number }): number {
  return incidents.filter((one) => one.app === app).reduce((factor, one) => {
    const part = Math.max(0, Math.min(toMs, one.toMs) - Math.max(fromMs, one.fromMs)) / Math.max(1, toMs - fromMs);
    return factor * (1 + (one.errorFactor - 1) * part);
  }, 1);
}
