/** When everything is to stop. */
export interface StopRequest {
  readonly requested: Promise<void>;
  request(): void;
}

const LOOK_MS = 250;

/**
 * A stop is asked for by SIGINT or SIGTERM, and by the death of our parent, the launcher: killed with -9 it
 * cannot pass anything on. SIGHUP has the hub read its county again; a terminal that hangs up ends the launcher. Asked again it stays one stop: a group's Ctrl-C comes twice, directly and by the launcher.
 */
export function stopRequest(): StopRequest {
  let request = (): void => undefined;
  const requested = new Promise<void>((resolve) => {
    request = resolve;
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => request());
  // Without anybody who listens, it would end the process while the hub is not there yet.
  process.on('SIGHUP', () => undefined);
  const parent = process.ppid;
  const look = setInterval(() => {
    if (process.ppid !== parent) request();
  }, LOOK_MS);
  void requested.then(() => clearInterval(look));
  return { requested, request };
}
