// F-03: the SSH key is refused or not found.
import type { Failure } from "../failure";

export const f03: Failure = {
  id: "F-03", title: "The SSH key is refused or not found", area: "access", severity: "critical",
  symptom: "Permission denied (publickey), identity file not accessible, or an unprotected private key file.",
  says: [/Permission denied \(publickey/, /[Ii]dentity file \S+ not accessible/, /UNPROTECTED PRIVATE KEY FILE/, /Load key "[^"]+": /],
  cause: "The key stands under another name than the inventory says, or others may read it.",
  fix: [{ say: "Use one path for the key everywhere and let only its owner read it.", command: "chmod 600 ~/.ssh/<key>" }],
  source: "domain.md 4.7, F-03",
};
