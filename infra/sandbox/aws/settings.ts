// How the imitation behaves where AWS differs from day to day: times, limits, what is sold out, how fast one may ask.

export interface Bucket { perSecond: number; burst: number }

export interface Settings {
  pendingMs: number;
  shuttingDownMs: number;
  stoppingMs: number;
  /** How long a new id is unknown to those who ask for it; by kind where that differs. */
  visibilityMs: number;
  visibilityByKind: Record<string, number>;
  /** How long EC2 does not know an instance profile that IAM has made or changed. */
  profileReachMs: number;
  /** How long a load balancer is being provisioned, and how long its interfaces stay after its end. */
  loadBalancerMs: number;
  interfaceLingerMs: number;
  targetHealthMs: number;
  /** Applied quotas by "service/code"; what is not named has its default. */
  quotas: Record<string, number>;
  /** Sold out: by type, and by zone where one is named; `code` where it is not plain lack of capacity. */
  soldOut: { instanceType: string; zone?: string; code?: string }[];
  /** How the keys of the account's own user stand. */
  userKeys: "valid" | "expired" | "deleted";
  /** Per class of action; null: nobody is slowed. */
  throttle: { read: Bucket | null; write: Bucket | null; rules: Bucket | null };
}

/** For tests: nothing takes time, and everything is seen at once. */
export const swift: Settings = {
  pendingMs: 0, shuttingDownMs: 0, stoppingMs: 0, visibilityMs: 0, visibilityByKind: {}, profileReachMs: 0, loadBalancerMs: 0, interfaceLingerMs: 0, targetHealthMs: 0,
  quotas: {}, soldOut: [], userKeys: "valid", throttle: { read: null, write: null, rules: null },
};

/** For a world that people look at: the order of things as in a region, a few times faster. */
export const lifelike: Settings = {
  ...swift, pendingMs: 4_000, shuttingDownMs: 4_000, stoppingMs: 4_000, visibilityMs: 300, profileReachMs: 5_000, loadBalancerMs: 10_000, interfaceLingerMs: 5_000, targetHealthMs: 3_000,
};
