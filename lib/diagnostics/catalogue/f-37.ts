// F-37: the load balancer controller cannot reach the API server.
import { openPod } from "../buttons";
import { about, type Failure } from "../failure";

export const f37: Failure = {
  id: "F-37", title: "The load balancer controller cannot reach the API server", area: "ingress", severity: "critical",
  symptom: "aws-load-balancer-controller crashes: dial tcp 10.96.0.1:443, or it finds no VPC.",
  says: [/dial tcp 1\d+\.\d+\.\d+\.\d+:443: i\/o timeout/, /failed to get VPC ID|InvalidVpcID\.NotFound/],
  means: about(/aws-load-balancer-controller/),
  cause: "A NetworkPolicy shuts it in, or the vpcId in its values is that of an earlier cluster.",
  fix: [
    { say: "Correct vpcId in the chart's values, or let the namespace's egress through.", command: "helm -n kube-system get values aws-load-balancer-controller" },
    { say: "Look at its log.", button: openPod },
  ],
  source: "domain.md 4.7, F-37",
};
