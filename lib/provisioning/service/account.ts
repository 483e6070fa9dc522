// The account and region that a blueprint is built in, and from where this console reaches it.
import "server-only";
import { isIP } from "node:net";
import type { Aws } from "@/lib/adapters/aws/door";
import { env } from "@/lib/base/env";
import { AppError } from "@/lib/base/errors";
import { awsOf } from "../kinds";

export function awsFor(region: string): Aws {
  const { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: key } = env();
  if (!endpoint && !key) throw new AppError("unavailable", "The console has no AWS credentials, so it can neither look nor build. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give its machine a role.");
  return awsOf(region);
}

/** The address from which the cluster sees this console; null where nobody said it. An AWS on loopback has its clusters there too. */
export function consoleAddress(): string | null {
  const { QUARTERDECK_PUBLIC_ADDRESS: given, AWS_ENDPOINT_URL: endpoint } = env();
  if (given) return given;
  const host = endpoint ? new URL(endpoint).hostname : "";
  return isIP(host) === 4 && host.startsWith("127.") ? host : host === "localhost" ? "127.0.0.1" : null;
}
