// How Next builds and serves: no image optimiser, no server actions, nothing that tells what it runs on.
import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  images: { unoptimized: true },
  serverExternalPackages: ["pino", "pg", "@prisma/client", "@prisma/adapter-pg", "@kubernetes/client-node", "@aws-sdk/client-ec2", "@aws-sdk/client-sts"],
  experimental: { optimizePackageImports: ["@mantine/core", "@mantine/hooks", "@tabler/icons-react"] },
  devIndicators: false,
  // Types are held by `npm test` and `npm run verify`, over the whole tree; the build of a checkout need not do it again.
  typescript: { ignoreBuildErrors: true },
};

export default config;
