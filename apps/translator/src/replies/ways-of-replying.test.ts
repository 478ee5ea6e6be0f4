import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  ABSENCE_REASONS,
  ANSWER_CODES,
  answerCodeOf,
  DECLINED_BY,
  PLAN_ITEMS,
  PLAN_PARTICIPANTS,
  PLAN_STATES,
  RETURN_REASONS,
  SCOPES,
  type AnswerCode,
  type PartyEvent,
} from '#libs/domain';
import { fhirEventId, type ReplyForm } from '#libs/forms';
import { TOLD_NOTICE, TOLD_STAY } from '../../../../libs/fhir/definitions/incoming-message.ts';
import { asMessage, asTask } from '../../test/ways-of-replying.ts';
import { county, faultsOf, ids, INTAKE } from '../../test/reading.ts';
import { READERS } from '../translate-record.ts';

/** A clinic of the region may say all that a party may. */
const CLINIC = 'SE2321000016-2001';
const TIME = '2026-05-12T10:00:00+02:00';

const text = fc.constantFrom('Ja.', 'Hemtjänst två gånger om dagen.\nNyckel finns.', 'a & b <c> "d" \\E\\');
const party = fc.constantFrom('0182', '0184', '0180-jarva');
const parties = fc.uniqueArray(party, { minLength: 1 });
const uuid = fc.uuid();
const maybeText = { at: fc.constant(TIME), text };
const state = fc.constantFrom(...PLAN_STATES);

/** What a reply of each code may say. */
const CONTENT: Readonly<Record<AnswerCode, fc.Arbitrary<object>>> = {
  KVI: fc.constant({}),
  PLAN: fc.constant({}),
  RET: fc.record({ reason: fc.constantFrom(...RETURN_REASONS), rightParty: party }, { requiredKeys: ['reason'] }),
  OBSTACLE: fc.record({ exists: fc.constantFrom('yes', 'no', 'unknown') }),
  FOUND: fc.record({ where: fc.constantFrom('admitted', 'home') }),
  'PLAN-INFO': fc.record({ text }),
  QUERY: fc.record({ text }),
  ANSWER: fc.record({ text, question: uuid }),
  FVK: fc
    .record({
      confirmed: fc.boolean(),
      contact: fc.record({ name: text, role: text, unit: text, telephone: text }, { requiredKeys: ['name'] }),
    })
    .filter(({ contact }) => !Object.values(contact).some((one) => one.includes('\n'))),
  'SIP-CALL': fc.record({ invited: parties, ...maybeText }, { requiredKeys: ['invited'] }),
  'SIP-PROPOSE': fc.record(maybeText, { requiredKeys: ['at'] }),
  'SIP-REPLY': fc.record(
    { proposal: uuid, accepted: fc.boolean(), ...maybeText },
    { requiredKeys: ['proposal', 'accepted'] },
  ),
  'SIP-DECLINED': fc.record({ by: fc.constantFrom(...DECLINED_BY), text }, { requiredKeys: ['by'] }),
  'SIP-PLAN': fc.record(
    {
      ...{ state, consent: fc.boolean(), items: fc.shuffledSubarray([...PLAN_ITEMS]) },
      ...{ tookPart: fc.shuffledSubarray([...PLAN_PARTICIPANTS]), absence: fc.constantFrom(...ABSENCE_REASONS), text },
    },
    { requiredKeys: ['state', 'consent', 'items', 'tookPart'] },
  ),
  SVPL: fc.record({ state, units: parties, text }, { requiredKeys: ['state', 'units'] }),
  'SVPL-ADJ': fc.record({ plan: uuid, unit: party }, { requiredKeys: ['plan'] }),
  'CASE-OWNER': fc.record({ owner: party, desk: fc.constant('aldre') }, { requiredKeys: ['owner'] }),
  RECIPIENT: fc.record(
    {
      recipient: party,
      home: fc.record(
        {
          ...{ awayFrom: fc.constant('2026-05-10'), homeFrom: fc.constant(TIME) },
          ...{ unchanged: fc.constantFrom('yes', 'no', 'unknown'), call: fc.constant('Test Testsson, 08-0000000') },
        },
        { requiredKeys: ['awayFrom'] },
      ),
      text,
    },
    { requiredKeys: ['recipient'] },
  ),
  OPPOSED: fc.record({ scopes: fc.shuffledSubarray([...SCOPES], { minLength: 1 }) }, { requiredKeys: [] }),
};

/** Who says what only those who answer for social services may. */
const MUNICIPALITY = '0184';
const senderOf = (code: AnswerCode): string => (code === 'CASE-OWNER' || code === 'RECIPIENT' ? MUNICIPALITY : CLINIC);

/** The message that a later one corrects or takes back. */
const EARLIER = 'earlier';

const base = { stay: fc.constant(TOLD_STAY), about: fc.constant(TOLD_NOTICE), sent: fc.constant(TIME) };
const circumstances = fc.record(
  { grounds: fc.constant(['CONSENT']), answeredBy: fc.constantFrom('SE2321000016-2001', 'mas@example') },
  { requiredKeys: [] },
);
const replyOf = (code: AnswerCode) =>
  fc
    .tuple(fc.record(base), circumstances, CONTENT[code], fc.constantFrom('said', 'replaces', 'withdraws'))
    .map(([first, more, content, how]) => {
      const own = how === 'withdraws' ? {} : content;
      const link = how === 'said' ? {} : { [how]: fhirEventId(ids, senderOf(code), EARLIER) };
      const grounds = code === 'RECIPIENT' && how !== 'withdraws' ? { grounds: ['CONSENT'] } : {};
      return { code, ...first, ...more, ...grounds, ...own, ...link } as unknown as ReplyForm;
    });

function eventsOf(kind: string, sender: string, value: object): readonly PartyEvent[] {
  const bytes = Buffer.from(JSON.stringify(value));
  const arrival = { inboundId: ids.inbound(sender, bytes, kind), sender, bytes, intakeAt: INTAKE };
  const translation = READERS.get(kind)!({ ...arrival, intakeStamp: INTAKE * 1000 }, { county, ids });
  if (translation.kind !== 'party-events') throw new Error(`${kind}: ${faultsOf(translation).join(' ')}`);
  return translation.events;
}

/** All of an event but the ids that its own record gives it: of a question the thread is such an id. */
const said = (events: readonly PartyEvent[]) =>
  events.map((event) => ({
    ...event,
    ...{ eventId: '', inboundId: '' },
    says: event.says.kind === 'asked' ? { ...event.says, thread: '' } : event.says,
  }));

describe('a reply', () => {
  it.each(ANSWER_CODES)('%s is the same event as JSON, on the topic, as a Task and as a FHIR message', (code) => {
    fc.assert(
      fc.property(replyOf(code), (form) => {
        // What lies on the party's own topic is put on `inbound` as it is, under the kind of a reply.
        const sender = senderOf(code);
        const json = said(eventsOf('reply', sender, form));
        expect(said(eventsOf('task-reply', sender, asTask(form, 'task-1')))).toEqual(json);
        expect(said(eventsOf('fhir-message', sender, asMessage(form, sender, 'm1', EARLIER)))).toEqual(json);
        expect(json.map(({ says }) => answerCodeOf(says))).toEqual(json.map(() => code));
        expect(json).toHaveLength(form.replaces === undefined ? 1 : 2);
      }),
      { numRuns: 40 },
    );
  });
});
