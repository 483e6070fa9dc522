// The server's log: JSON lines to stdout, secrets struck out by name.
import pino from "pino";

export const log = pino({
  base: undefined,
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: {
    paths: ["password", "token", "secret", "kubeconfig", "authorization", "cookie", "*.password", "*.token", "*.secret", "*.kubeconfig", "*.authorization", "*.cookie"],
    censor: "[redacted]",
  },
});

export type Log = typeof log;
