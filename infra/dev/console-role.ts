// The console's own role in the database: it may read and write rows, but alter no table, and of the record only add to it.
import pg from "pg";

export const consoleRole = "quarterdeck_console";

export interface ConsoleRole {
  /** Of the role that owns the tables. */
  ownerUrl: string;
  role: string;
  /** Set when the role is to be made or is ours to keep; a role that somebody else made keeps its password. */
  password?: string;
}

/** Grants what the console needs and takes away what it must not have; to be run after every migration, for new tables. */
export async function grantConsole({ ownerUrl, role, password }: ConsoleRole): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const name = client.escapeIdentifier(role);
    const { rowCount } = await client.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [role]);
    if (password !== undefined) await client.query(`${rowCount ? "ALTER" : "CREATE"} ROLE ${name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD ${client.escapeLiteral(password)}`);
    await client.query(`BEGIN;
      GRANT USAGE ON SCHEMA public TO ${name};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${name};
      GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${name};
      REVOKE ALL ON audit_entries, audit_head, _prisma_migrations FROM ${name};
      GRANT SELECT, INSERT ON audit_entries TO ${name};
      GRANT SELECT ON audit_head, _prisma_migrations TO ${name};
      COMMIT`);
  } finally {
    await client.end();
  }
}

/** The same database under another role. */
export function urlFor(ownerUrl: string, role: string, password: string): string {
  const url = new URL(ownerUrl);
  url.username = encodeURIComponent(role);
  url.password = encodeURIComponent(password);
  return url.toString();
}
