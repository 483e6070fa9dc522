// What things cost on AWS, by region and with a date: a basis for decisions, not an invoice. Whoever knows better sets another price.

/** US dollars; machines, addresses, load balancers and EKS by the hour, disks by GiB and month. */
export type PriceItem = `ec2.${string}` | "gp3-gib" | "ipv4" | "load-balancer" | "eks-control-plane";

export interface PriceTable {
  region: string;
  asOf: string;
  source: string;
  usd: Readonly<Partial<Record<PriceItem, number>>>;
}

export const hoursPerMonth = 730;
const perHour = (monthly: number): number => monthly / hoursPerMonth;

/** The same in every region of AWS' commercial partition: a public IPv4 address since February 2024, and EKS' standard control plane. */
const everywhere = { "ipv4": 0.005, "eks-control-plane": 0.1 } as const;

export const priceTables: readonly PriceTable[] = [
  {
    region: "ap-northeast-2", asOf: "2025-11", source: "the reference system's own assumptions, by the month",
    usd: {
      ...everywhere,
      "ec2.t3.small": perHour(15), "ec2.t3.medium": perHour(30), "ec2.t3.large": perHour(60), "ec2.t3.xlarge": perHour(120), "ec2.t3.2xlarge": perHour(240),
      // 20 dollars for 260 GB, 16 for the load balancer.
      "gp3-gib": 20 / 260, "load-balancer": perHour(16),
    },
  },
  {
    region: "us-east-1", asOf: "2026-01-19", source: "AWS' price list, on demand, Linux",
    usd: {
      ...everywhere,
      "ec2.t3.small": 0.0208, "ec2.t3.medium": 0.0416, "ec2.t3.large": 0.0832, "ec2.t3.xlarge": 0.1664, "ec2.t3.2xlarge": 0.3328,
      "ec2.c6i.large": 0.085, "ec2.c6i.xlarge": 0.17, "ec2.c6i.2xlarge": 0.34, "ec2.c6i.4xlarge": 0.68,
      "ec2.m6i.large": 0.096, "ec2.m6i.xlarge": 0.192, "ec2.m6i.2xlarge": 0.384, "ec2.m6i.4xlarge": 0.768,
      "gp3-gib": 0.08, "load-balancer": 0.0225,
    },
  },
];

export interface Prices {
  region: string;
  /** For the eye: when and from where. */
  asOf: string;
  source: string;
  /** Null: nobody knows. */
  of(item: PriceItem): number | null;
  overridden: ReadonlySet<string>;
}

/** The prices of a region, where somebody's own price stands before the table's. */
export function pricesOf(region: string, overrides: Readonly<Record<string, number>> = {}): Prices {
  const table = priceTables.find((each) => each.region === region);
  return {
    region,
    asOf: table?.asOf ?? "",
    source: table?.source ?? `no prices are known for ${region}`,
    of: (item) => overrides[item] ?? table?.usd[item] ?? null,
    overridden: new Set(Object.keys(overrides)),
  };
}
