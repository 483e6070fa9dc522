// The AnalysisTemplate by which Argo Rollouts asks this judge, ready to copy: the controller stays the one that aborts, also while the console is away.
import type { Subject } from "./run";

export interface YamlQuestion extends Pick<Subject, "cluster" | "namespace" | "workload"> { consoleUrl: string; minutes: number }

const secretName = "quarterdeck-judge";

/** Answers are small and come from one place; what is aborted is decided by the controller's own rules about them. */
export function argoYaml({ consoleUrl, cluster, namespace, workload, minutes }: YamlQuestion): string {
  const url = `${consoleUrl.replace(/\/+$/, "")}/api/clusters/${cluster}/canary/${namespace}/${workload}/judge?canary={{args.canary-hash}}&stable={{args.stable-hash}}`;
  return `# 1. A key of the role viewer, made under Access, in the Rollout's namespace.
apiVersion: v1
kind: Secret
metadata:
  name: ${secretName}
  namespace: ${namespace}
stringData:
  key: qd_…
---
# 2. The judge as a metric: "gate" as a step, "watch" in the background.
${template({ name: "quarterdeck-gate", namespace, url, metric: `    interval: 60s
    count: ${Math.max(1, minutes)}
    consecutiveSuccessLimit: 1
    failureLimit: 0
    inconclusiveLimit: ${Math.max(1, minutes)}
    consecutiveErrorLimit: 30
    successCondition: result.verdict == "pass"
    failureCondition: result.verdict == "fail"` })}
---
${template({ name: "quarterdeck-watch", namespace, url, metric: `    interval: 60s
    consecutiveErrorLimit: 30
    failureCondition: result.verdict == "fail"` })}

# 3. In the Rollout ${workload}: spec.strategy.canary
#   analysis:
#     templates: [{templateName: quarterdeck-watch}]
#     args: &hashes
#       - {name: canary-hash, valueFrom: {podTemplateHashValue: Latest}}
#       - {name: stable-hash, valueFrom: {podTemplateHashValue: Stable}}
#   steps:
#     - setWeight: 25
#     - analysis: {templates: [{templateName: quarterdeck-gate}], args: *hashes}
`;
}

function template({ name, namespace, url, metric }: { name: string; namespace: string; url: string; metric: string }): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  args:
  - name: canary-hash
  - name: stable-hash
  - name: api-key
    valueFrom: {secretKeyRef: {name: ${secretName}, key: key}}
  metrics:
  - name: judge
${metric}
    provider:
      web:
        url: "${url}"
        headers: [{key: Authorization, value: "Bearer {{args.api-key}}"}]
        timeoutSeconds: 10
        jsonPath: "{$}"`;
}
