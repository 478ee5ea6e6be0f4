import { Client } from 'pg';

const columns = `
  select c.relname as table, format('  %s %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
    case when a.attnotnull then ' not null' else '' end,
    case when a.attidentity <> '' then ' identity'
         when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end) as line
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where n.nspname = $1 and c.relkind in ('r', 'p', 'v', 'm')
  order by c.relname collate "C", a.attnum`;

// 'n' is left out: PostgreSQL 18 lists not-null as constraints, earlier ones do not.
const constraints = `
  select c.relname as table, format('  constraint %s %s', k.conname, pg_get_constraintdef(k.oid)) as line
  from pg_constraint k
  join pg_class c on c.oid = k.conrelid
  join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and k.contype <> 'n'
  order by c.relname collate "C", k.conname collate "C"`;

const indexes = `
  select tablename as table, '  ' || indexdef as line
  from pg_indexes where schemaname = $1
  order by tablename collate "C", indexname collate "C"`;

interface Line {
  table: string;
  line: string;
}

/**
 * A stable text of a schema, for the tests that compare it with the text kept beside the app.
 * In: address and schema. Out: tables, columns, constraints and indexes in a fixed order. Errors: the database's.
 */
export async function describeSchema(url: string, schema: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const tables = new Map<string, string[]>();
    for (const query of [columns, constraints, indexes]) {
      const { rows } = await client.query<Line>(query, [schema]);
      for (const { table, line } of rows) tables.set(table, [...(tables.get(table) ?? []), line]);
    }
    return [...tables].map(([table, lines]) => [table, ...lines, ''].join('\n')).join('\n');
  } finally {
    await client.end();
  }
}
