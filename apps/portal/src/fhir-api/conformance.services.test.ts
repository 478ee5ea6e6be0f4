import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { validateAll } from '../../../../test/conformance/validator.ts';
import { at, deviation, IDS, KS, NILS, notice, receipt, saidStay, task } from '../testing/samples.ts';
import { matchesIn, PortalUnderTest } from '../testing/portal-under-test.ts';

let portal: PortalUnderTest;
beforeAll(async () => {
  portal = await PortalUnderTest.start();
  const kinds = ['INS', 'BUT', 'UTK', 'UTS', 'INFO'] as const;
  await portal.deliver('0184', ...kinds.map((kind) => notice({ stay: 'c', id: `c-${kind}`, content: { kind } })));
  await portal.deliver(
    '0184',
    ...kinds.map((kind) => notice({ stay: 'c', content: { kind }, withdraws: [`c-${kind}`] })),
  );
  await portal.deliver('0184', notice({ stay: 'p', id: 'p-INS', person: NILS, protection: 'unknown' }));
  await portal.stays(
    saidStay({ visit: 'c' }),
    saidStay({
      visit: 'c',
      trigger: 'A03',
      encounter: { class: 'IMP', end: at(5, 13, 14), leaving: 'home', expectedDischarge: at(5, 12) },
    }),
    saidStay({ visit: 'p', person: NILS, patient: { identities: [NILS], protection: 'skyddadFolkbokforing' } }),
    saidStay({ visit: 'x', trigger: 'A11' }),
  );
  await portal.receipts(
    receipt(notice({ stay: 'c', id: 'c-INS' })),
    receipt(notice({ stay: 'c', withdraws: ['c-INS'] })),
  );
  await portal.tasks(task(), task({ owner: 'operator', code: 'ROUTE-BY-HAND' }));
  await portal.deviationsTo(KS, deviation(), deviation({ status: 'cancelled', closedReason: 'came-late' }));
});
afterAll(() => portal.stop());

it("everything that the API answers is valid by HL7's validator", async () => {
  const answers = await Promise.all([
    portal.ask('/metadata'),
    portal.get('0184', '/nothing'),
    portal.get('0184', '/Communication?colour=1', { prefer: 'handling=strict' }),
    ...[
      'Communication?_include=Communication:encounter&_include=Communication:subject&_include=Communication:recipient',
      'Communication?_count=2',
      'Encounter',
      'Patient',
      'Organization?_count=200',
    ].map((path) => portal.get('0184', `/${path}`)),
    portal.get('0184', '/Communication/p-INS'),
    portal.get('0184', `/Patient/${IDS.patientOf('0184', NILS.system, NILS.value)}`),
    ...['Communication', 'Encounter', 'Patient', 'Task', 'DetectedIssue'].map((path) =>
      portal.get('sender:KS', `/${path}`),
    ),
    portal.get('sender:KS', `/Encounter/${IDS.stay(KS, 'p')}`),
    portal.get('operator', '/Task'),
  ]);
  const judged = answers.map(({ json }, n) => ({ name: `${n} ${json.resourceType}`, resource: json }));
  const matches = answers.flatMap((answer) => matchesIn(answer));
  expect(matches.length).toBeGreaterThan(60);
  // One that is wrong, so that a judge who sees nothing would be seen.
  const issues = await validateAll([...judged, { name: 'wrong', resource: { resourceType: 'Encounter' } }]);
  const errors = issues.filter(({ severity }) => severity === 'error' || severity === 'fatal');
  expect(errors.filter(({ name }) => name !== 'wrong')).toEqual([]);
  expect(errors).not.toEqual([]);
});
