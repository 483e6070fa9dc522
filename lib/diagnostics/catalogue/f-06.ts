// F-06: AWS' certificate is not trusted on the runner.
import type { Failure } from "../failure";

export const f06: Failure = {
  id: "F-06", title: "AWS' certificate is not trusted on the runner", area: "access", severity: "warning",
  symptom: "x509 or OSStatus -26276 when AWS is called.",
  says: [/OSStatus -26276/, /x509: [\s\S]*amazonaws\.com/, /amazonaws\.com[\s\S]*x509: /],
  cause: "The runner's clock is wrong, or its keychain lacks the root (macOS).",
  fix: [{ say: "Set the clock, then the keychain; until then keep Terraform's state locally." }],
  source: "domain.md 4.7, F-06",
};
