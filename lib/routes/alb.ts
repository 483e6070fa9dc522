// What an Ingress says to the AWS Load Balancer Controller by its annotations, with the controller's own defaults.
import type { IngressObject } from "../adapters/kubernetes/objects";
import type { IngressClass, Told } from "./world";

export const albController = "ingress.k8s.aws/alb";
export const defaultCodes = "200";

export function annotation(ingress: IngressObject, name: string): string {
  return ingress.annotations[`alb.ingress.kubernetes.io/${name}`] ?? "";
}

/** An Ingress without a class belongs to the default one. */
export function classOf(ingress: IngressObject, classes: Told<readonly IngressClass[]>): string {
  if (ingress.className !== "" || !classes.known) return ingress.className;
  return classes.value.find(({ isDefault }) => isDefault)?.name ?? "";
}

export function isAlb(className: string, classes: Told<readonly IngressClass[]>): boolean {
  const known = classes.known ? classes.value.find(({ name }) => name === className) : undefined;
  return known ? known.controller === albController : className === "alb";
}

export interface Port { protocol: string; port: number }
/** `[{"HTTP": 80}, {"HTTPS": 443}]`; without the annotation 443 where a certificate is named, else 80. Null when it cannot be read. */
export function portsOf(ingress: IngressObject): Port[] | null {
  const said = annotation(ingress, "listen-ports");
  if (said === "") return hasCertificate(ingress) ? [{ protocol: "HTTPS", port: 443 }] : [{ protocol: "HTTP", port: 80 }];
  try {
    const list: unknown = JSON.parse(said);
    if (!Array.isArray(list)) return null;
    const ports = list.flatMap((one: unknown) => Object.entries(typeof one === "object" && one !== null ? one : {}).map(([protocol, port]) => ({ protocol, port: Number(port) })));
    return ports.every(({ protocol, port }) => /^HTTPS?$/.test(protocol) && Number.isInteger(port) && port > 0 && port < 65_536) ? ports : null;
  } catch {
    return null;
  }
}

export const hasCertificate = (ingress: IngressObject): boolean => annotation(ingress, "certificate-arn") !== "" || ingress.tls;
export const redirectPort = (ingress: IngressObject): number => Number(annotation(ingress, "ssl-redirect")) || 0;
export const targetType = (ingress: IngressObject): string => annotation(ingress, "target-type") || "instance";
export const orderOf = (ingress: IngressObject): number => Number(annotation(ingress, "group.order")) || 0;
/** The balancer an Ingress shares: its group, or its own. */
export const groupOf = (ingress: IngressObject): string => annotation(ingress, "group.name") || `${ingress.namespace}/${ingress.name}`;
