// Prisma's schema engine without a download: its WebAssembly build over the pg adapter. Not a documented door of Prisma's, so nothing else opens it, and its version is pinned to the client's.
import { randomUUID } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum, DriverAdapterError } from "@prisma/driver-adapter-utils";
import * as glue from "@prisma/schema-engine-wasm/schema_engine_bg";
import pg from "pg";

type Engine = glue.SchemaEngine;
type MigrationList = Parameters<Engine["applyMigrations"]>[0]["migrationsList"];

const schemaFile = fileURLToPath(new URL("../../prisma/schema.prisma", import.meta.url));
export const migrationsFolder = fileURLToPath(new URL("../../prisma/migrations", import.meta.url));
const filters = { externalTables: [], externalEnums: [] };

/** The glue's functions under the name by which the module asks for them. The cast holds: the module's only import is this glue, made by the same build. */
function importsOf(functions: object): WebAssembly.Imports {
  return { "./schema_engine_bg.js": functions as WebAssembly.ModuleImports };
}

/** The two entry points that the glue's types leave out. The casts hold for the pinned version; a test migrates with it. */
function bindGlue(functions: object, exported: WebAssembly.Exports): void {
  (functions as { __wbg_set_wasm(exports: WebAssembly.Exports): void }).__wbg_set_wasm(exported);
  (exported as { __wbindgen_start(): void }).__wbindgen_start();
}

let loaded: Promise<void> | undefined;
function load(): Promise<void> {
  loaded ??= (async () => {
    hearPanics();
    const file = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg").replace(/\.js$/, ".wasm");
    const { instance } = await WebAssembly.instantiate(readFileSync(file), importsOf(glue));
    bindGlue(glue, instance.exports);
  })();
  return loaded;
}

const charOid = 18;
const uuidOid = 2950;

/** The adapter refuses columns of type "char", which the engine reads when it describes a database. They pass as uuid, which the engine never asks for, and get their true type behind the adapter. */
class CharAsUuid extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.connection.prependListener("rowDescription", ({ fields }: { fields: { dataTypeID: number }[] }) => {
      for (const field of fields) if (field.dataTypeID === charOid) field.dataTypeID = uuidOid;
    });
  }
}

type Adapter = Awaited<ReturnType<PrismaPg["connect"]>>;

class EngineAdapter extends PrismaPg {
  private readonly given: pg.PoolConfig;
  private readonly opened: Adapter[] = [];

  constructor(config: pg.PoolConfig) {
    super({ ...config, Client: CharAsUuid, connectionTimeoutMillis: 5000 }, { onPoolError: () => undefined });
    this.given = config;
  }
  override connect = async (): Promise<Adapter> => {
    const adapter = forEngine(await PrismaPg.prototype.connect.call(this));
    this.opened.push(adapter);
    return adapter;
  };
  /** The adapter's own would drop the database before it lets go of it. */
  override connectToShadowDb = async (): Promise<Adapter> => {
    const main = await this.connect();
    const database = `quarterdeck_shadow_${randomUUID()}`;
    await main.executeScript(`CREATE DATABASE "${database}"`);
    const shadow = forEngine(await new EngineAdapter({ ...this.given, database }).connect());
    const dispose = shadow.dispose.bind(shadow);
    shadow.dispose = async () => {
      await dispose();
      await main.executeScript(`DROP DATABASE "${database}" WITH (FORCE)`);
    };
    return shadow;
  };
  /** The engine leaves its connection open, and with it a lock that the next to migrate would wait for. */
  async close(): Promise<void> {
    for (const adapter of this.opened) await adapter.dispose();
  }
}

/** Scripts go whole: the adapter cuts them at every semicolon, also within a function's body, and PostgreSQL runs a whole script as one transaction. */
function forEngine(adapter: Adapter): Adapter {
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query);
    return { ...result, columnTypes: result.columnTypes.map((type) => (type === ColumnTypeEnum.Uuid ? ColumnTypeEnum.Character : type)) };
  };
  adapter.executeScript = async (script) => {
    try {
      await adapter.underlyingDriver().query(script);
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error;
      const { code = "", severity = "", message, detail, column, hint } = error;
      throw new DriverAdapterError({ kind: "postgres", code, severity, message, detail, column, hint });
    }
  };
  return adapter;
}

/** The engine tells of its own breakdown here; without it the reason would be lost. */
function hearPanics(): void {
  const registry = { set_message: (text: string) => console.error(`Prisma's schema engine broke down: ${text}`) };
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: registry });
}

const schema = () => ({ files: [{ path: "schema.prisma", content: readFileSync(schemaFile, "utf8") }] });

function migrations(): MigrationList {
  const names = readdirSync(migrationsFolder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
  return {
    baseDir: migrationsFolder,
    lockfile: { path: "migration_lock.toml", content: readFileSync(path.join(migrationsFolder, "migration_lock.toml"), "utf8") },
    shadowDbInitScript: "",
    migrationDirectories: names.map((name) => ({
      path: name,
      migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value: readFileSync(path.join(migrationsFolder, name, "migration.sql"), "utf8") } },
    })),
  };
}

async function withEngine<T>(config: pg.PoolConfig, act: (engine: Engine) => Promise<T>): Promise<T> {
  await load();
  const adapter = new EngineAdapter(config);
  const datamodels: [string, string][] = [["schema.prisma", readFileSync(schemaFile, "utf8")]];
  const engine = await glue.SchemaEngine.new({ datamodels }, () => undefined, bindMigrationAwareSqlAdapterFactory(adapter));
  try {
    return await act(engine);
  } finally {
    engine.free();
    await adapter.close();
  }
}

/** Applies what is not applied yet, in order; answers with the names. */
export function applyMigrations(url: string): Promise<string[]> {
  return withEngine({ connectionString: url }, async (engine) => (await engine.applyMigrations({ migrationsList: migrations(), filters })).appliedMigrationNames);
}

/** The SQL that leads from the migrations to the schema; "" when they agree. Uses a shadow database on the same server. */
export function scriptForChanges(url: string): Promise<string> {
  // Field by field: a connection string would win over the name of the shadow database, and the migrations would land in this one.
  const { hostname: host, port, username: user, password, pathname } = new URL(url);
  const config = { host, port: Number(port), user, password: decodeURIComponent(password), database: pathname.slice(1) };
  return withEngine(config, async (engine) => {
    const from = migrations();
    const start = from.migrationDirectories.length === 0 ? ({ tag: "empty" } as const) : ({ tag: "migrations", ...from } as const);
    const { stdout } = await engine.diff({ from: start, to: { tag: "schemaDatamodel", ...schema() }, script: true, exitCode: null, filters });
    return stdout === null || /^\s*(-- This is an empty migration\.\s*)?$/.test(stdout) ? "" : stdout;
  });
}
