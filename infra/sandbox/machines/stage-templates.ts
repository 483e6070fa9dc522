// What a stage writes into the status of a node or a pod: Go templates, as KWOK reads them.

/** An id as containerd gives one: another for each start of the container. */
const containerId = 'containerID: {{ printf "containerd://%s" (printf "%s/%s/%d" $root.metadata.uid $item.name $restarts | sha256sum) | Quote }}';
const imageId = 'imageID: {{ printf "%s@sha256:%s" (regexReplaceAll ":[^:/]+$" $item.image "") ($item.image | sha256sum) | Quote }}';

const knownRestarts = `
{{ $restarts := 0 }}{{ $before := dict }}
{{ range ($root.status.containerStatuses | default list) }}{{ if eq .name $item.name }}{{ $before = . }}{{ $restarts = atoi (toString (.restartCount | default 0)) }}{{ end }}{{ end }}`;

const initDone = `
{{ if .spec.initContainers }}
initContainerStatuses:
{{ range $item := .spec.initContainers }}{{ $restarts := 0 }}
- name: {{ $item.name | Quote }}
  image: {{ $item.image | Quote }}
  ${imageId}
  ${containerId}
  ready: true
  restartCount: 0
  started: false
  state: { terminated: { exitCode: 0, reason: Completed, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }}, containerID: {{ printf "containerd://%s" (printf "%s/%s/0" $root.metadata.uid $item.name | sha256sum) | Quote }} } }
{{ end }}
{{ end }}`;

/** A condition changes its time only when its status changes, which these stages do by their selectors. */
function conditions(state: "ready" | "unready" | "done", initialized = true): string {
  const unready = state === "ready" ? "" : state === "done" ? "\n  reason: PodCompleted" : "\n  reason: ContainersNotReady\n  message: 'containers with unready status: [{{ range $i, $c := .spec.containers }}{{ if $i }} {{ end }}{{ $c.name }}{{ end }}]'";
  const word = state === "ready" ? "True" : "False";
  return `
conditions:
- type: PodReadyToStartContainers
  status: "${initialized && state !== "done" ? "True" : "False"}"
  lastProbeTime: null
  lastTransitionTime: {{ $now | Quote }}
- type: Initialized
  status: "True"
  lastProbeTime: null
  lastTransitionTime: {{ $now | Quote }}
- type: Ready
  status: "${word}"
  lastProbeTime: null
  lastTransitionTime: {{ $now | Quote }}${unready === "" ? "\n  reason: null\n  message: null" : unready}
- type: ContainersReady
  status: "${word}"
  lastProbeTime: null
  lastTransitionTime: {{ $now | Quote }}${unready === "" ? "\n  reason: null\n  message: null" : unready}`;
}

const head = "{{ $now := Now }}{{ $root := . }}";
const address = `
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
hostIPs:
- ip: {{ NodeIPWith .spec.nodeName | Quote }}`;
/** A container that starts again does so in the same pod, with the address that has. */
const podAddress = `
{{ $ip := .status.podIP }}{{ if not $ip }}{{ $ip = PodIPWith .spec.nodeName (or .spec.hostNetwork false) (or .metadata.uid "") (or .metadata.name "") (or .metadata.namespace "") }}{{ end }}
podIP: {{ $ip | Quote }}
podIPs:
- ip: {{ $ip | Quote }}`;

function waitingContainers(reason: string, message = ""): string {
  return `
containerStatuses:
{{ range $item := .spec.containers }}
- name: {{ $item.name | Quote }}
  image: {{ $item.image | Quote }}
  imageID: ""
  ready: false
  restartCount: 0
  started: false
  state: { waiting: { reason: ${reason}${message} } }
{{ end }}`;
}

export const createdTemplate = `${head}
phase: Pending
startTime: {{ $now | Quote }}
${conditions("unready", false)}
${waitingContainers("ContainerCreating")}
${address}`;

const pullMessage = '{{ printf "rpc error: code = NotFound desc = failed to pull and unpack image %s: failed to resolve reference: not found" $item.image | Quote }}';
export const failedPullTemplate = `${head}${waitingContainers("ErrImagePull", `, message: ${pullMessage}`)}`;
export const backOffTemplate = `${head}${waitingContainers("ImagePullBackOff", ', message: {{ printf "Back-off pulling image %s" $item.image | Quote }}')}`;

/** Running; the last termination, if there was one, stays to be read. */
function runningContainers(readyWord: "true" | "false", startedAt: string): string {
  return `
containerStatuses:
{{ range $item := .spec.containers }}${knownRestarts}
- name: {{ $item.name | Quote }}
  image: {{ $item.image | Quote }}
  ${imageId}
  ${containerId}
  ready: ${readyWord}
  restartCount: {{ $restarts }}
  started: true
  state: { running: { startedAt: {{ ${startedAt} | Quote }} } }
  {{ with $before.lastState }}{{ if .terminated }}
  lastState:
    {{ YAML . 2 }}
  {{ end }}{{ end }}
{{ end }}`;
}

export function runningTemplate(state: "unready"): string {
  return `${head}
phase: Running
${conditions(state)}
${initDone}
${runningContainers("false", "$now")}
${address}
${podAddress}`;
}

export const readyTemplate = `${head}
${conditions("ready")}
${runningContainers("true", "(dig \"state\" \"running\" \"startedAt\" $now $before)")}`;

/** The first container ends and waits for its next turn; its neighbours go on. */
export function crashTemplate(end: { exitCode: number; reason: string }): string {
  return `${head}
${conditions("unready")}
containerStatuses:
{{ range $index, $item := .spec.containers }}${knownRestarts}
- name: {{ $item.name | Quote }}
  image: {{ $item.image | Quote }}
  ${imageId}
  ${containerId}
  {{ $startedAt := dig "state" "running" "startedAt" $now $before }}
  {{ if eq $index 0 }}
  ready: false
  restartCount: {{ add1 $restarts }}
  started: false
  lastState: { terminated: { exitCode: ${end.exitCode}, reason: ${end.reason}, startedAt: {{ $startedAt | Quote }}, finishedAt: {{ $now | Quote }}, containerID: {{ printf "containerd://%s" (printf "%s/%s/%d" $root.metadata.uid $item.name $restarts | sha256sum) | Quote }} } }
  state: { waiting: { reason: CrashLoopBackOff, message: {{ printf "back-off restarting failed container=%s pod=%s_%s(%s)" $item.name $root.metadata.name $root.metadata.namespace $root.metadata.uid | Quote }} } }
  {{ else }}
  ready: true
  restartCount: {{ $restarts }}
  started: true
  state: { running: { startedAt: {{ $startedAt | Quote }} } }
  {{ end }}
{{ end }}`;
}

export const finishedTemplate = `${head}
phase: Succeeded
${conditions("done")}
containerStatuses:
{{ range $item := .spec.containers }}${knownRestarts}
- name: {{ $item.name | Quote }}
  image: {{ $item.image | Quote }}
  ${imageId}
  ${containerId}
  ready: false
  restartCount: {{ $restarts }}
  started: false
  state: { terminated: { exitCode: 0, reason: Completed, startedAt: {{ dig "state" "running" "startedAt" $now $before | Quote }}, finishedAt: {{ $now | Quote }} } }
{{ end }}`;

export const nodeHealthTemplate = `${head}
conditions:
{{ range $want := (list
  (dict "type" "NetworkUnavailable" "status" "False" "reason" "CalicoIsUp" "message" "Calico is running on this node")
  (dict "type" "MemoryPressure" "status" "False" "reason" "KubeletHasSufficientMemory" "message" "kubelet has sufficient memory available")
  (dict "type" "DiskPressure" "status" "False" "reason" "KubeletHasNoDiskPressure" "message" "kubelet has no disk pressure")
  (dict "type" "PIDPressure" "status" "False" "reason" "KubeletHasSufficientPID" "message" "kubelet has sufficient PID available")
  (dict "type" "Ready" "status" "True" "reason" "KubeletReady" "message" "kubelet is posting ready status")) }}
{{ $since := $now }}
{{ range ($root.status.conditions | default list) }}{{ if and (eq .type $want.type) (eq .status $want.status) }}{{ $since = .lastTransitionTime }}{{ end }}{{ end }}
- type: {{ $want.type }}
  status: {{ $want.status | Quote }}
  reason: {{ $want.reason }}
  message: {{ $want.message | Quote }}
  lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ $since | Quote }}
{{ end }}`;
