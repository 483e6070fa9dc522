// F-09: a certificate cannot be deleted because CloudFront uses it.
import type { Failure } from "../failure";

export const f09: Failure = {
  id: "F-09", title: "A certificate cannot be deleted because CloudFront uses it", area: "teardown", severity: "warning",
  symptom: "Deleting the ACM certificate waits for twenty minutes and then fails.",
  says: [/(ResourceInUseException|is in use)[\s\S]*certificate/i, /certificate\S* [\s\S]*is in use/i],
  cause: "The certificate in us-east-1 is attached to a CloudFront distribution.",
  fix: [{ say: "Disable the distribution, wait until it is deployed, detach the certificate, delete again.", command: "aws cloudfront get-distribution-config --id <distribution>" }],
  source: "domain.md 4.7, F-09",
};
