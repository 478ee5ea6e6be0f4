import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { forgetLibpqVariables } from './connection-settings.ts';

const FOREIGN = {
  PGHOST: 'db.example',
  PGPORT: '1',
  PGUSER: 'other',
  PGDATABASE: 'other',
  PGPASSWORD: 'other',
  PGSSLMODE: 'require',
  PGOPTIONS: '-c default_transaction_read_only=on',
  PGCLIENTENCODING: 'LATIN1',
  PGSERVICE: 'other',
  NODE_PG_FORCE_NATIVE: '1',
};

describe("libpq's variables of the shell", () => {
  it('are forgotten, and nothing else is', () => {
    const env: NodeJS.ProcessEnv = { ...FOREIGN, PATH: '/bin', BRYGGAN_PG_PORT: '5433', PG: 'x', pghost: 'y' };
    forgetLibpqVariables(env);
    expect(env).toEqual({ PATH: '/bin', BRYGGAN_PG_PORT: '5433', PG: 'x', pghost: 'y' });
  });

  it('leave what the driver makes of a connection string as it is without them', () => {
    const parameters = (): object => {
      const client: unknown = new pg.Client('postgres://hub:x@127.0.0.1:5433/bryggan');
      const { connectionParameters } = client as { connectionParameters: Record<string, unknown> };
      const { host, port, database, user, ssl, options, client_encoding: encoding } = connectionParameters;
      return { host, port, database, user, ssl, options, encoding };
    };
    const kept = { ...process.env };
    try {
      forgetLibpqVariables(process.env);
      const expected = parameters();
      Object.assign(process.env, FOREIGN);
      delete process.env.NODE_PG_FORCE_NATIVE;
      expect(parameters()).not.toEqual(expected);
      forgetLibpqVariables(process.env);
      expect(parameters()).toEqual(expected);
    } finally {
      Object.assign(process.env, kept);
    }
  });
});
