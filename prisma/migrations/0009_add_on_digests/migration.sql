-- CreateTable
CREATE TABLE "add_on_digests" (
    "url" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "job" TEXT NOT NULL,
    "firstSeenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "add_on_digests_pkey" PRIMARY KEY ("url")
);
