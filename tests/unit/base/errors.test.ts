// An error of ours is known as such wherever it was made.
import { describe, expect, it, vi } from "vitest";
import { AppError, causeText, toHttpStatus } from "@/lib/base/errors";

describe("AppError", () => {
  it("is recognised across copies of its class, as the server's bundles make them", async () => {
    vi.resetModules();
    const { AppError: Other } = await import("@/lib/base/errors");
    expect(Other).not.toBe(AppError);
    expect(new Other("gone", "It is gone.")).toBeInstanceOf(AppError);
    expect(new Error("no")).not.toBeInstanceOf(AppError);
    expect(null).not.toBeInstanceOf(AppError);
  });

  it("keeps its two voices apart", () => {
    const error = new AppError("unavailable", "The database does not answer.", new Error("ECONNREFUSED"));
    expect(error.say).toBe("The database does not answer.");
    expect(causeText(error.cause)).toBe("ECONNREFUSED");
    expect(toHttpStatus(error.code)).toBe(503);
  });
});
