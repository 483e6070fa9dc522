// F-19: ports of the control plane are closed between machines.
import { fromCluster, type Failure } from "../failure";

export const f19: Failure = {
  id: "F-19", title: "Ports of the control plane are closed between machines", area: "control plane", severity: "critical",
  symptom: "Scheduler, controller-manager or kubelets look unhealthy from another machine: 10250, 10256, 10257 or 10259 cannot be reached.",
  says: [/dial tcp \S+:(10250|10256|10257|10259): (i\/o timeout|connect: (connection refused|no route to host))/],
  means: fromCluster,
  cause: "The security groups lack the rules for these ports.",
  fix: [{ say: "Open 10250 both ways, 10257 and 10259 inside the control plane, 10256 inside the workers.", command: "aws ec2 authorize-security-group-ingress --protocol tcp --port 10250 --group-id <group> --source-group <other group>" }],
  source: "domain.md 4.7, F-19",
};
