import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { IDS, KS, notice, saidStay, TOLVAN } from '../testing/samples.ts';
import { PortalUnderTest } from '../testing/portal-under-test.ts';

/**
 * "Not yours" and "not there" take the same time because they are the same work: the same statements, one after the other, to the
 * database, and no row from any of them. A wall clock would only guess at what is compared here.
 */
let portal: PortalUnderTest;
const statements: string[] = [];
// Called with a client as `this`, as it was found.
// eslint-disable-next-line @typescript-eslint/unbound-method
const { query } = pg.Client.prototype;

beforeAll(async () => {
  pg.Client.prototype.query = function (this: pg.Client, ...asked: unknown[]): unknown {
    const [first] = asked as [string | { readonly text: string }];
    const { application_name: by } = (this as unknown as { connectionParameters: { application_name?: string } })
      .connectionParameters;
    if (by?.endsWith('-reader')) statements.push(typeof first === 'string' ? first : first.text);
    return (query as (...all: unknown[]) => unknown).apply(this, asked);
  } as typeof query;
  portal = await PortalUnderTest.start();
  await portal.deliver('0184', notice({ stay: 'told', id: 'n-told' }));
  await portal.stays(saidStay({ visit: 'told' }));
});
afterAll(async () => {
  pg.Client.prototype.query = query;
  await portal.stop();
});

/** Every way to ask by an id of a stay, of a notice or of a person. */
const QUESTIONS: readonly ((ids: { stay: string; notice: string; patient: string }) => string)[] = [
  ({ notice: id }) => `/Communication/${id}`,
  ({ notice: id }) => `/Communication/${id}/$explain?party=0186`,
  ({ notice: id }) => `/Communication?_id=${id}&_include=Communication:encounter`,
  ({ stay }) => `/Encounter/${stay}`,
  ({ stay }) => `/Communication?encounter=${stay}`,
  ({ stay }) => `/Communication?encounter=${stay}&_summary=count`,
  ({ stay }) => `/Encounter?_id=${stay}&_total=accurate`,
  ({ stay }) => `/Task?encounter=${stay}`,
  ({ stay }) => `/DetectedIssue?implicated=${stay}`,
  ({ patient }) => `/Patient/${patient}`,
  ({ patient }) => `/Communication?subject=${patient}&_summary=count`,
];

async function workOf(caller: string, path: string): Promise<readonly string[]> {
  statements.length = 0;
  await portal.get(caller, path);
  return [...statements];
}

describe('to who was told nothing of a stay', () => {
  it.each(['0186', '0188', 'sender:DS'])('%s: its ids are the same work as ids of nothing', async (caller) => {
    const stay = IDS.stay(KS, 'told');
    const real = { stay, notice: 'n-told', patient: IDS.patientOf('0184', TOLVAN.system, TOLVAN.value) };
    const nothing = {
      stay: stay.replace(/./g, '0'),
      notice: 'n-none',
      patient: real.patient.replace(/[1-9a-f]/g, '0'),
    };
    for (const question of QUESTIONS) {
      const [yours, none] = [await workOf(caller, question(real)), await workOf(caller, question(nothing))];
      expect([question(real), yours]).toEqual([question(real), none]);
      // The test would see nothing if nothing were asked of the database.
      expect([question(real), yours.length > 0]).toEqual([question(real), true]);
    }
  });
});
