type Environment = Readonly<Record<string, string | undefined>>;

/** Settings whose value may never be shown, not even when it is wrong. */
const SECRETS = /SECRET|PASSWORD|URL|TOKEN/;
/** Keys of the test tools, which are not the hub's. */
const OF_TESTS = 'BRYGGAN_TEST_';

const PATH_RULE = {
  sv: 'ska vara en sökväg i UTF-8 utan styrtecken',
  en: 'must be a path in UTF-8 without control characters',
};

/** What a setting must be, in both languages. */
export interface Rule {
  readonly sv: string;
  readonly en: string;
}

/**
 * Reads settings one by one and remembers all that is wrong, so that a start names every bad key at once. A wrong value
 * reads as its default: the configuration is thrown away then anyhow.
 */
export class SettingsReader {
  readonly #env: Environment;
  readonly #asked = new Set<string>();
  readonly #problems: string[] = [];

  constructor(env: Environment) {
    this.#env = env;
  }

  /** A value read by `parse` (undefined = wrong); the default when the key is unset or empty. */
  value<T, D>(key: string, rule: Rule, parse: (text: string) => T | undefined, otherwise: D): T | D {
    this.#asked.add(key);
    const text = this.#env[key];
    if (text === undefined || text === '') return otherwise;
    const value = parse(text.trim());
    if (value !== undefined) return value;
    this.problem(key, rule);
    return otherwise;
  }

  text(key: string, pattern: RegExp, rule: Rule): string | undefined {
    return this.value(key, rule, (text) => (pattern.test(text) ? text : undefined), undefined);
  }

  /** A path as it stands: a blank at its end belongs to it. Made of blanks alone it counts as not set. */
  path(key: string): string | undefined {
    this.#asked.add(key);
    const path = this.#env[key];
    if (path === undefined || path.trim() === '') return undefined;
    // What was no UTF-8 has become U+FFFD by now, which names another folder than the one that was meant.
    if (!/[\p{Cc}\uFFFD]/u.test(path)) return path;
    this.problem(key, PATH_RULE);
    return undefined;
  }

  integer(key: string, otherwise: number, min: number, max: number): number {
    const rule = {
      sv: `ska vara ett heltal ${min} till ${max} (standard ${otherwise})`,
      en: `must be an integer ${min} to ${max} (default ${otherwise})`,
    };
    const parse = (text: string): number | undefined => {
      const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      return number >= min && number <= max ? number : undefined;
    };
    return this.value(key, rule, parse, otherwise);
  }

  /** A number of seconds, answered in milliseconds. */
  seconds(key: string, otherwise: number, min: number, max: number): number {
    return this.integer(key, otherwise, min, max) * 1000;
  }

  choice<T extends string, D extends T | undefined>(key: string, choices: readonly T[], otherwise: D): T | D {
    const list = choices.join(', ');
    const rule = { sv: `ska vara ett av ${list}`, en: `must be one of ${list}` };
    return this.value(key, rule, (text) => choices.find((choice) => choice === text), otherwise);
  }

  /** Notes what is wrong with a key; the value is shown unless it is a secret. */
  problem(key: string, rule: Rule): void {
    this.#asked.add(key);
    const value = this.#env[key];
    const shown =
      value === undefined || value === '' || SECRETS.test(key) ? '' : `=${JSON.stringify(value.slice(0, 80))}`;
    this.#problems.push(`${key}${shown}: ${rule.sv} | ${rule.en}`);
  }

  /** All that was wrong, with the keys that nobody asked for: a mistyped key must not pass as a default. */
  problems(prefix: string): readonly string[] {
    const strangers = Object.keys(this.#env).filter(
      (key) => key.startsWith(prefix) && !key.startsWith(OF_TESTS) && !this.#asked.has(key),
    );
    return [...this.#problems, ...strangers.map((key) => this.#stranger(key))];
  }

  #stranger(key: string): string {
    const near = nearest(key, this.#asked);
    const sv = near === undefined ? 'ta bort den' : `menades ${near}?`;
    const en = near === undefined ? 'remove it' : `was ${near} meant?`;
    return `${key}: okänd inställning, ${sv} | unknown setting, ${en}`;
  }
}

function nearest(key: string, names: Iterable<string>): string | undefined {
  const [best] = [...names].map((name) => ({ name, far: distance(name, key) })).sort((a, b) => a.far - b.far);
  return best !== undefined && best.far <= 3 ? best.name : undefined;
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Forms that several settings share. */
export const LOOPBACK = '127.0.0.1';
export const HOST = /^[A-Za-z0-9.:_-]{1,253}$/;
export const HOST_RULE = { sv: 'ska vara ett värdnamn eller en IP-adress', en: 'must be a host name or an IP address' };
export const NAME = /^[A-Za-z0-9._-]{1,80}$/;
export const NAME_RULE = {
  sv: 'får ha bokstäver, siffror och ._- (1-80 tecken)',
  en: 'may have letters, digits and ._- (1-80)',
};
export const PORT_MAX = 65_535;
