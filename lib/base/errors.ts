// What went wrong, in two voices: `say` for the person, `cause` for the log.

export const errorCodes = [
  "invalid", "signed-out", "forbidden", "not-found", "conflict", "gone", "too-many", "unavailable", "internal",
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** The server's bundles each hold a copy of this class; what one throws another must still know. */
const brand = Symbol.for("quarterdeck.app-error");

export class AppError extends Error {
  override name = "AppError";
  readonly [brand] = true;
  readonly code: ErrorCode;
  /** A whole sentence for the person: what was wrong, what was got, what to do. */
  readonly say: string;

  constructor(code: ErrorCode, say: string, cause?: unknown) {
    super(say, { cause });
    this.code = code;
    this.say = say;
  }

  static override [Symbol.hasInstance](thrown: unknown): boolean {
    return typeof thrown === "object" && thrown !== null && brand in thrown;
  }
}

const httpStatus: Record<ErrorCode, number> = {
  invalid: 400, "signed-out": 401, forbidden: 403, "not-found": 404, conflict: 409, gone: 410, "too-many": 429, internal: 500, unavailable: 503,
};

export function toHttpStatus(code: ErrorCode): number {
  return httpStatus[code];
}

/** The text of anything thrown, for a log line or a cause; never for a person. */
export function causeText(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
