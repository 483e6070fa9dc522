// The Ingresses that share one load balancer, as the reference system wrote them, wrong health paths included.
import type { JsonObject } from "../json.ts";

interface Route { namespace: string; name: string; order: number; health: string; success: string; protocol: "HTTP" | "HTTPS"; paths: { path: string; service: string; port: number }[] }

const routes: Route[] = [
  { namespace: "argocd", name: "argocd-ingress", order: 10, health: "/argocd/health", success: "200", protocol: "HTTPS", paths: [{ path: "/argocd", service: "argocd-server", port: 443 }] },
  { namespace: "monitoring", name: "grafana-ingress", order: 20, health: "/grafana/health", success: "200", protocol: "HTTP", paths: [{ path: "/grafana", service: "prometheus-grafana", port: 80 }] },
  { namespace: "default", name: "api-ingress", order: 30, health: "/api/health", success: "200,404", protocol: "HTTP", paths: [{ path: "/api/v1", service: "default-backend", port: 80 }, { path: "/", service: "default-backend", port: 80 }] },
  ...["auth", "users", "waste", "recycling", "locations"].map((name, index): Route => ({
    namespace: name, name: `${name}-ingress`, order: 21 + index, health: "/health", success: "200", protocol: "HTTP", paths: [{ path: `/api/v1/${name}`, service: `${name}-api`, port: 80 }],
  })),
];

function toIngress(route: Route): JsonObject {
  const alb = (name: string): string => `alb.ingress.kubernetes.io/${name}`;
  return {
    apiVersion: "networking.k8s.io/v1", kind: "Ingress",
    metadata: {
      namespace: route.namespace, name: route.name,
      annotations: {
        [alb("group.name")]: "growbin-alb", [alb("group.order")]: String(route.order), [alb("scheme")]: "internet-facing", [alb("target-type")]: "instance",
        [alb("listen-ports")]: '[{"HTTP": 80}, {"HTTPS": 443}]', [alb("ssl-redirect")]: "443", [alb("backend-protocol")]: route.protocol,
        [alb("healthcheck-path")]: route.health, [alb("healthcheck-interval-seconds")]: "15", [alb("healthcheck-timeout-seconds")]: "5",
        [alb("healthy-threshold-count")]: "2", [alb("unhealthy-threshold-count")]: "2", [alb("success-codes")]: route.success,
      },
    },
    spec: {
      ingressClassName: "alb",
      rules: [{ host: "growbin.app", http: { paths: route.paths.map(({ path, service, port }) => ({ path, pathType: "Prefix", backend: { service: { name: service, port: { number: port } } } })) } }],
    },
  };
}

export function routeObjects(): JsonObject[] {
  return routes.map(toIngress);
}
