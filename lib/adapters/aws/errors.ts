// What AWS refuses, in words for a person: by the code of the error, never by its text.
import { AppError, type ErrorCode } from "@/lib/base/errors";

/** The fields that the SDK's errors carry; anything thrown may lack them. */
export interface AwsFault {
  /** AWS' own code, such as "DependencyViolation"; the kind of failure of the way there when AWS did not answer. */
  name: string;
  message: string;
  /** Null when no answer came: whether AWS did what was asked is not known. */
  status: number | null;
  /** What AWS' support asks for; "" when no answer came. */
  requestId: string;
}

export function faultOf(thrown: unknown): AwsFault {
  const fields: Partial<Record<string, unknown>> = Object(thrown);
  const metadata: Partial<Record<string, unknown>> = Object(fields.$metadata);
  return {
    // Of a connection that failed, Node's code says more than its name.
    name: nameOf(fields),
    message: typeof fields.message === "string" ? fields.message : String(thrown),
    status: typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : null,
    requestId: typeof metadata.requestId === "string" ? metadata.requestId : "",
  };
}

/** Of a connection that failed, Node's code says more than its name. */
function nameOf({ name, code }: Partial<Record<string, unknown>>): string {
  if (typeof name !== "string" || name === "Error" || name === "AggregateError") return typeof code === "string" ? code : "Error";
  return name;
}

/** What stood behind an error of this door; null for any other error. */
export function awsFault(thrown: unknown): AwsFault | null {
  return thrown instanceof AppError && thrown.cause instanceof Error ? faultOf(thrown.cause) : null;
}

type Say = (fault: AwsFault, doing: string) => string;

const credentials: Say = ({ name }) => `AWS does not accept the credentials it was given (${name}). Check the access key, its secret and this machine's clock.`;
const throttled: Say = (_, doing) => `AWS is limiting this account's requests and did not ${doing}. Try again in a moment.`;
const late: Say = (_, doing) => `AWS did not answer in time when asked to ${doing}. Try again; if it stays so, check the network.`;
const unreachable: Say = (_, doing) => `AWS cannot be reached to ${doing}. Check the network, the region and AWS_ENDPOINT_URL.`;
const denied: Say = ({ name }, doing) => `The credentials are not allowed to ${doing} (${name}). Give their role the permission.`;

const rules: [names: RegExp, code: ErrorCode, say: Say][] = [
  [/^CredentialsProviderError$|^TokenProviderError$/, "unavailable", () => "No AWS credentials were found. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or an instance role."],
  [/^(AuthFailure|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|ExpiredToken(Exception)?|RequestExpired|MissingAuthenticationToken|IncompleteSignature|OptInRequired)$/, "unavailable", credentials],
  [/^(UnauthorizedOperation|AccessDenied(Exception)?)$/, "forbidden", denied],
  [/^(RequestLimitExceeded|Throttling(Exception)?|TooManyRequestsException|SlowDown)$/, "too-many", throttled],
  [/^AbortError$/, "gone", () => "The request to AWS was cancelled."],
  [/^(TimeoutError|RequestTimeout(Exception)?)$/, "unavailable", late],
  [/\.NotFound$/, "not-found", ({ message }) => `AWS does not know it: ${message}.`],
  [/^Invalid|^Malformed|^Missing|^Unsupported/, "invalid", ({ name, message }) => `AWS does not take the request (${name}): ${message}.`],
];

export function toAwsError(thrown: unknown, doing: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const fault = faultOf(thrown);
  const rule = rules.find(([names]) => names.test(fault.name));
  if (rule) return new AppError(rule[1], rule[2](fault, doing), thrown);
  if (fault.status === null) return new AppError("unavailable", unreachable(fault, doing), thrown);
  return new AppError("unavailable", `AWS could not ${doing} (${fault.name}). Try again; if it stays so, look at AWS' health page.`, thrown);
}
