import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Kept {
  readonly payload: AdapterPayload;
  readonly until: number;
}

/** Where the demonstration's provider keeps what a sign-in needs for its few minutes: in memory, as nothing has to outlive it. */
export class AdapterInMemory implements Adapter {
  static readonly #all = new Map<string, Kept>();
  readonly #kind: string;

  constructor(kind: string) {
    this.#kind = kind;
  }

  upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
    const now = Date.now();
    for (const [key, { until }] of AdapterInMemory.#all) if (until < now) AdapterInMemory.#all.delete(key);
    AdapterInMemory.#all.set(this.#key(id), { payload, until: now + expiresIn * 1000 });
    return Promise.resolve();
  }

  find(id: string): Promise<AdapterPayload | undefined> {
    const kept = AdapterInMemory.#all.get(this.#key(id));
    return Promise.resolve(kept !== undefined && kept.until >= Date.now() ? kept.payload : undefined);
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.#among(({ payload }) => payload.uid === uid));
  }

  findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.#among(({ payload }) => payload.userCode === userCode));
  }

  consume(id: string): Promise<void> {
    const kept = AdapterInMemory.#all.get(this.#key(id));
    if (kept) kept.payload.consumed = Math.floor(Date.now() / 1000);
    return Promise.resolve();
  }

  destroy(id: string): Promise<void> {
    AdapterInMemory.#all.delete(this.#key(id));
    return Promise.resolve();
  }

  revokeByGrantId(grantId: string): Promise<void> {
    for (const [key, { payload }] of AdapterInMemory.#all) {
      if (payload.grantId === grantId) AdapterInMemory.#all.delete(key);
    }
    return Promise.resolve();
  }

  #among(is: (kept: Kept) => boolean): AdapterPayload | undefined {
    const own = [...AdapterInMemory.#all].filter(([key]) => key.startsWith(`${this.#kind}:`));
    return own.find(([, kept]) => kept.until >= Date.now() && is(kept))?.[1].payload;
  }

  #key(id: string): string {
    return `${this.#kind}:${id}`;
  }
}
