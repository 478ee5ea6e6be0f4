import { readFileSync } from 'node:fs';
import { object, text } from './hub-client.ts';

/**
 * The tokens of `callers.json` by name of caller (contract 1). It lies in the hub's state folder and is readable only by
 * who runs the hub.
 * @throws Error with the remedy when it cannot be read
 */
export function readTokens(file: string): Map<string, string> {
  const tokens = new Map<string, string>();
  for (const [name, caller] of Object.entries(object(parsed(file)))) {
    const token = text(object(caller)['token']);
    if (token !== undefined) tokens.set(name, token);
  }
  if (!tokens.has('operator')) throw new Error(`${file} has no token for operator: is it the callers.json of a hub?`);
  return tokens;
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new Error(`${file} cannot be read: start the hub first (npm start), or name the file with --callers`);
  }
}
