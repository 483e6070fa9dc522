// How Next builds and serves: no image optimiser, no server actions, nothing that tells what it runs on.
import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  images: { unoptimized: true },
  serverExternalPackages: ["pino", "pg", "@prisma/client", "@prisma/adapter-pg", "@kubernetes/client-node", "@aws-sdk/client-ec2", "@aws-sdk/client-sts"],
  experimental: { optimizePackageImports: ["@mantine/core", "@mantine/hooks", "@tabler/icons-react"] },
  devIndicators: false,
};

export default config;
