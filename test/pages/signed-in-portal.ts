import { at, IDS, KS, NILS, notice, saidStay, task } from '../../apps/portal/src/testing/samples.ts';
import { PortalUnderTest } from '../../apps/portal/src/testing/portal-under-test.ts';
import { freePort } from '../../deploy/embedded/port.ts';
import { People } from './people.ts';

const PERSONS = [
  { id: 'solna', name: 'Anna Solna', role: '', assignments: [{ id: 'a', unit: '0184', title: 'Handläggare, Solna' }] },
  { id: 'nacka', name: 'Nils Nacka', role: '', assignments: [{ id: 'a', unit: '0186', title: 'Handläggare, Nacka' }] },
  {
    id: 'many',
    name: 'Många Uppdrag',
    role: '',
    assignments: [
      { id: 'a', unit: '0184', title: 'Handläggare, Solna' },
      { id: 'b', unit: '0186', title: 'Handläggare, Nacka' },
    ],
  },
  { id: 'ward', name: 'Vera Vård', role: '', assignments: [{ id: 'a', unit: 'sender:KS', title: 'Sjuksköterska' }] },
  { id: 'ops', name: 'Disa Drift', role: '', assignments: [{ id: 'a', unit: 'operator', title: 'Operatör' }] },
  { id: 'none', name: 'Ingen Alls', role: '', assignments: [] },
  {
    ...{ id: 'review', name: 'Frida Följer', role: '' },
    assignments: [{ id: 'a', unit: 'storsthlm', title: 'Utredare, Storsthlm' }],
  },
  {
    ...{ id: 'log', name: 'Lena Logg', role: '' },
    assignments: [{ id: 'a', unit: '0184', title: 'Loggkontroll, Solna', controlsLog: true as const }],
  },
];

export const STAY = IDS.stay(KS, 'stay-1');
export const REJECTED = '7c1fb7a6-1111-4000-8000-000000000000';
export const SCRIPT = '<script>document.title="fel"</script>';

/** A portal with a stay, a rejected message and a Task, put into its views by hand, and people who sign in at it. */
export class SignedInPortal {
  readonly portal: PortalUnderTest;
  readonly people: People;
  readonly base: string;

  private constructor(portal: PortalUnderTest, people: People, base: string) {
    this.portal = portal;
    this.people = people;
    this.base = base;
  }

  static async start(): Promise<SignedInPortal> {
    const port = await freePort();
    const base = `http://127.0.0.1:${port}`;
    const people = await People.start(PERSONS, base);
    const portal = await PortalUnderTest.start({ port }, people.openId);
    await fill(portal);
    return new SignedInPortal(portal, people, base);
  }

  async stop(): Promise<void> {
    await this.people.stop();
    await this.portal.stop();
  }
}

async function fill(portal: PortalUnderTest): Promise<void> {
  await portal.deliver('0184', notice({ content: { kind: 'INS' } }));
  await portal.deliver('0184', notice({ content: { kind: 'BUT', expectedDischarge: at(5, 14) } }));
  await portal.deliver('0184', notice({ content: { kind: 'INFO', scope: 'SOC', text: SCRIPT } as never }));
  await portal.deliver('0184', notice({ stay: 'stay-2', person: NILS }));
  await portal.stays(saidStay());
  await portal.tasks(task());
  await portal.rejectedRecord(REJECTED, 'rejected', {
    outcome: { issue: [{ details: { coding: [{ code: 'BRY-2003' }], text: 'Vårdtillfällets id saknas.' } }] },
    inbound: { partition: 0, offset: '7' },
    ...{ sender: 'KS', trigger: 'A01', controlId: 'KS-1', receivedAt: new Date(portal.now).toISOString() },
  });
}
