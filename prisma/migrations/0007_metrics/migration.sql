-- CreateTable
CREATE TABLE "saved_queries" (
    "id" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "expression" TEXT NOT NULL,
    "ownerId" TEXT NOT NULL,
    "ownerName" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "saved_queries_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "saved_queries_cluster_ownerId_name_key" ON "saved_queries"("cluster", "ownerId", "name");
