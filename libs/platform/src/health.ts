/** True when the part it looks at works. A check that throws or takes over two seconds counts as down. */
export type Check = () => Promise<boolean> | boolean;

export interface HealthReport {
  readonly ok: boolean;
  readonly checks: Readonly<Record<string, 'up' | 'down'>>;
}

const CHECK_LIMIT_MILLIS = 2000;

/**
 * Live: the process is worth keeping. It stays live until a part says that it is broken for good.
 * Ready: started, not stopping, and every named check up. Not ready is no reason to kill: Kafka may only be away.
 */
export class Health {
  readonly #checks = new Map<string, Check>();
  readonly #broken = new Set<string>();
  #state: 'starting' | 'running' | 'stopping' = 'starting';
  #looking: Promise<HealthReport> | undefined;

  /** Adds or replaces a named check of readiness. */
  add(name: string, check: Check): void {
    this.#checks.set(name, check);
  }

  remove(name: string): void {
    this.#checks.delete(name);
  }

  /** From now on ready may be true (contract 1: when the start's last line is out). */
  started(): void {
    this.#state = 'running';
  }

  stopping(): void {
    this.#state = 'stopping';
  }

  /** A part that cannot mend itself (`log-truncated`): live and ready turn down, and stay so. */
  broken(name: string): void {
    this.#broken.add(name);
  }

  live(): HealthReport {
    return { ok: this.#broken.size === 0, checks: Object.fromEntries([...this.#broken].map((name) => [name, 'down'])) };
  }

  /** Whoever asks while the checks are under way has their answer: a question costs queries, and a stranger may ask without end. */
  ready(): Promise<HealthReport> {
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #look(): Promise<HealthReport> {
    const results = await Promise.all(
      [...this.#checks].map(async ([name, check]) => [name, await judged(check)] as const),
    );
    const checks = { ...this.live().checks, ...Object.fromEntries(results), hub: this.#hub() };
    return { ok: Object.values(checks).every((state) => state === 'up'), checks };
  }

  #hub(): 'up' | 'down' {
    return this.#state === 'running' ? 'up' : 'down';
  }
}

async function judged(check: Check): Promise<'up' | 'down'> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), CHECK_LIMIT_MILLIS);
  });
  try {
    return (await Promise.race([Promise.resolve().then(check), limit])) ? 'up' : 'down';
  } catch {
    return 'down';
  } finally {
    clearTimeout(timer);
  }
}
