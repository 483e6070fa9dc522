// `npm run bench -- deployments-status`: how many views of the status page one console serves.
import { describe, expect, it } from "vitest";
import { createFigures } from "./figures";
import { measureStatus } from "./status-load";

const figures = createFigures();

describe("the status page", () => {
  it("is served to many, with the load generator on the same cores", async () => {
    await figures.attempt("status page", () => measureStatus(figures));
    expect(figures.missing).toEqual([]);
  }, 900_000);
});
