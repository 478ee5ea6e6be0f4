/**
 * Removes the variables of PostgreSQL's own clients (`PGHOST`, `PGSSLMODE`, `PGOPTIONS`, ...) from an environment. The driver
 * reads them behind our back wherever a connection string is silent: a shell that is set up for another database would
 * turn our sessions read-only, ask the embedded server for TLS, or send us to another host. The connection string of the
 * configuration alone counts, an operator's own `BRYGGAN_DATABASE_URL` included.
 * @param env changed in place
 */
export function forgetLibpqVariables(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(env)) {
    if (/^PG[A-Z]/.test(name) || name === 'NODE_PG_FORCE_NATIVE') Reflect.deleteProperty(env, name);
  }
}
