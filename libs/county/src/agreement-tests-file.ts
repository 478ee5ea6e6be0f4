import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Course, NeedScope, PersonCourse } from '#libs/domain';
import type { Agreement } from './agreement.ts';
import { completeAgreement, validateAgreement } from './agreement-file.ts';
import { AGREEMENT_TESTS_SCHEMA } from './agreement-schema.ts';
import { readJsonFile, validatorOf } from './json-file.ts';

/** What is expected of one event. A key that is left out is not compared; `facts` and `findings` left out are none. */
export interface ExpectedEvent {
  readonly trigger?: string;
  readonly course?: Course | PersonCourse;
  readonly impliedNeed?: readonly NeedScope[];
  readonly facts?: readonly string[];
  readonly findings?: readonly string[];
  readonly [key: string]: unknown;
}

/** One message, and what it is to become by the agreement. */
export interface AgreementTest {
  readonly name: string;
  /** ISO 8601 with an offset: when the hub takes the message in. */
  readonly takenIn: string;
  /** How the lines become bytes; UTF-8 where it is left out. */
  readonly charset?: string;
  /** A line for each segment. */
  readonly message: readonly string[];
  readonly events?: readonly ExpectedEvent[];
  /** `fault place`, all of them. */
  readonly rejected?: readonly string[];
}

/** An agreement and the tests beside it. */
export interface TestedAgreement {
  /** `agreements/KS.json` */
  readonly label: string;
  readonly agreement: Agreement;
  readonly tests: readonly AgreementTest[];
}

const validateTests = validatorOf<{ readonly tests: readonly AgreementTest[] }>(AGREEMENT_TESTS_SCHEMA);

/**
 * The agreements of a county's folder with the tests that lie beside them: `KS.test.json` beside `KS.json`. An agreement without
 * any is told as a problem: what nobody has tried, nobody has agreed on.
 */
export function readAgreementTests(folder: string, problems: string[]): TestedAgreement[] {
  const inside = join(folder, 'agreements');
  const names = readdirSync(inside).filter((name) => name.endsWith('.json') && !name.endsWith('.test.json'));
  return names.sort().flatMap((name) => {
    const label = `agreements/${name}`;
    const file = readJsonFile(join(inside, name), label, validateAgreement, problems);
    const beside = name.replace(/\.json$/, '.test.json');
    if (!existsSync(join(inside, beside)))
      problems.push(`${label}: prov saknas | it has no tests: agreements/${beside}`);
    else {
      const tests = readJsonFile(join(inside, beside), `agreements/${beside}`, validateTests, problems)?.tests;
      if (file && tests) return [{ label, agreement: completeAgreement(file), tests }];
    }
    return [];
  });
}
