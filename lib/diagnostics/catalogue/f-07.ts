// F-07: the inventory names machines that are gone.
import { openBuild } from "../buttons";
import type { Failure } from "../failure";

export const f07: Failure = {
  id: "F-07", title: "The inventory names machines that are gone", area: "access", severity: "critical",
  symptom: "SSH runs into its timeout at an address.",
  says: [/ssh: connect to host \S+ port 22: (Connection|Operation) timed out/, /Failed to connect to the host via ssh: [\s\S]*timed out/],
  cause: "The inventory was written for an earlier cluster; its addresses belong to nobody now.",
  fix: [
    { say: "Write the inventory anew from the outputs of what was built.", command: "terraform output -raw ansible_inventory > inventory/hosts.ini" },
    { say: "Compare its addresses with the machines under Provisioning.", button: openBuild },
  ],
  source: "domain.md 4.7, F-07",
};
