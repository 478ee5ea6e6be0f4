import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { delimiter, dirname, join } from 'node:path';
import { resolveJars } from '../../deploy/embedded/jars.mjs';

const here = import.meta.dirname;
const DEFINITIONS = join(here, '..', '..', 'schemas', 'fhir');

/** What is judged: a resource under a name of the caller's own. */
export interface Named {
  readonly name: string;
  readonly resource: unknown;
}

/** What HL7's validator says of one place of one resource. */
export interface Issue {
  readonly name: string;
  readonly severity: 'fatal' | 'error' | 'warning' | 'information';
  readonly place: string;
  readonly message: string;
}

const SEVERITIES: readonly string[] = ['fatal', 'error', 'warning', 'information'];

function issueIn(line: string): Issue {
  const parsed: unknown = JSON.parse(line);
  if (typeof parsed === 'object' && parsed !== null && 'severity' in parsed) {
    if (SEVERITIES.includes(String(parsed.severity))) return parsed as Issue;
  }
  throw new Error(`the validator said: ${line.slice(0, 200)}`);
}

/**
 * Judges resources by HL7's validator core, against base R4 and our own definitions in `schemas/fhir`, without a network.
 * One JVM per call (some 10 s to start): give it all there is at once. Its jars come by Maven at the first call.
 * @param definitions the folder of our definitions, or the file of a package that has them
 * @returns every issue, warnings included; {@link errorsIn} keeps what makes a resource invalid
 * @throws when Java or Maven is missing, or the validator itself breaks
 */
export async function validateAll(resources: readonly Named[], definitions = DEFINITIONS): Promise<Issue[]> {
  const jars = await resolveJars({ name: 'validator', pom: join(here, 'validator', 'pom.xml') });
  const program = join(here, 'validator', 'Validate.java');
  // Snapshots and value sets are built by deep recursion; one core's compiler is enough for a run this short.
  const options = ['-Xss4m', '-Xmx1500m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dfile.encoding=UTF-8'];
  const classPath = [join(jars, '*'), dirname(definitions)].join(delimiter);
  const child = spawn('java', [...options, '-cp', classPath, program, definitions], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-4000)));
  child.stdin.on('error', () => undefined); // its end is told by the exit code
  child.stdin.end(resources.map((one) => `${JSON.stringify(one)}\n`).join(''));
  const issues: Issue[] = [];
  for await (const line of createInterface({ input: child.stdout })) issues.push(issueIn(line));
  const code = await ended;
  if (code !== 0) throw new Error(`the validator ended with ${String(code)}: ${complaint}`);
  return issues;
}

/** The issues that make a resource invalid: terminology that nobody can look up without a network is a warning. */
export function errorsIn(issues: readonly Issue[]): Issue[] {
  return issues.filter(({ severity }) => severity === 'error' || severity === 'fatal');
}
