// Where Prisma finds the schema and the migrations; the address comes from the environment at run time.
import { defineConfig } from "prisma/config";

export default defineConfig({ schema: "schema.prisma", migrations: { path: "migrations" } });
