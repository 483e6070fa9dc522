// `npm run bench -- provisioning`: how long the plan of seven nodes takes, by the rules alone and with the look at AWS.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAws, type Aws as Door } from "@/lib/adapters/aws/door";
import { resourceGraph } from "@/lib/provisioning/graph/build";
import { lookAtAws } from "@/lib/provisioning/look";
import { makePlan } from "@/lib/provisioning/plan/plan";
import { carriedOut, nothing, pins, seven } from "../unit/provisioning/made";
import { startAws, type Aws } from "../../infra/sandbox/aws/server";
import { machines } from "../../infra/sandbox/machines/catalogue";
import { createFigures, percentile } from "./figures";

const figures = createFigures();
let aws: Aws;
let door: Door;

beforeAll(async () => {
  aws = await startAws({ port: 0, machines });
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: aws.credential.accessKeyId, AWS_SECRET_ACCESS_KEY: aws.credential.secretAccessKey });
  door = openAws({ endpoint: aws.url, region: "ap-northeast-2" });
});
afterAll(async () => {
  door.close();
  await aws.stop();
});

async function times(rounds: number, work: () => unknown): Promise<number[]> {
  const all: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const begun = performance.now();
    await work();
    all.push(performance.now() - begun);
  }
  return all;
}

describe("the plan of seven nodes", () => {
  it("by its rules, over nothing and over all that it made", async () => {
    await figures.attempt("provisioning.rules", async () => {
      const graph = resourceGraph(seven, pins);
      const world = carriedOut(graph, makePlan(graph, nothing), nothing);
      const over = async (what: string, seen: typeof world) => {
        const all = await times(50, () => makePlan(resourceGraph(seven, pins), seen));
        figures.tell(`provisioning.plan.rules.${what}.p99`, percentile(all, 0.99), "ms", { op: "<=", value: 1000 });
      };
      figures.note(`${graph.resources.length} resources`);
      await over("empty", nothing);
      await over("built", world);
    });
    expect(figures.missing).toEqual([]);
  });

  it("with the look at AWS over the wire", async () => {
    await figures.attempt("provisioning.look", async () => {
      const all = await times(12, async () => makePlan(resourceGraph(seven, pins), { found: await lookAtAws({ aws: door, cluster: "stage" }), ledger: [] }));
      figures.tell("provisioning.plan.looked.p50", percentile(all, 0.5), "ms", { op: "<=", value: 1000 });
      figures.tell("provisioning.plan.looked.max", Math.max(...all), "ms", { op: "<=", value: 1000 });
    });
    expect(figures.missing).toEqual([]);
  });
});
