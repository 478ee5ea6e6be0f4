/** One step of a `Forwarded` header (RFC 7239): what a proxy said of the request that it got. */
export interface Forwarded {
  /** The address of who sent it to the proxy, without port and brackets; absent when hidden (`_secret`, `unknown`). */
  readonly for?: string;
  readonly host?: string;
  readonly proto?: string;
}

/** A token or a quoted string after a name. A step ends at a comma, a pair at a semicolon; both may stand in quotes. */
const PAIR = /\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*))\s*(;|,|$)/y;

/**
 * The steps of a `Forwarded` header, the client's end first.
 * @returns none when the header cannot be read to its end: half of it could name another host than its writer meant
 */
export function forwardedIn(header: string | undefined): Forwarded[] {
  if (header === undefined) return [];
  const steps: Map<string, string>[] = [new Map<string, string>()];
  PAIR.lastIndex = 0;
  while (PAIR.lastIndex < header.length) {
    const [match, name = '', quoted, token, end] = PAIR.exec(header) ?? [];
    if (match === undefined) return [];
    steps.at(-1)?.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? token ?? '');
    if (end === ',') steps.push(new Map());
  }
  return steps.map(stepOf);
}

function stepOf(pairs: ReadonlyMap<string, string>): Forwarded {
  const [address, host, proto] = [addressIn(pairs.get('for') ?? ''), pairs.get('host'), pairs.get('proto')];
  return {
    ...(address === undefined ? {} : { for: address }),
    ...(host === undefined ? {} : { host }),
    ...(proto === undefined ? {} : { proto: proto.toLowerCase() }),
  };
}

/** `192.0.2.7`, `192.0.2.7:4711`, `[2001:db8::7]:4711`. */
const addressIn = (node: string) =>
  /^(?:\[([0-9a-f:.]+)\]|(\d+(?:\.\d+){3}))(?::[\w.-]+)?$/i.exec(node)?.slice(1).find(Boolean);
