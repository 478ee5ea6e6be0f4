import type { DeviationCode, Severity } from './deviation.ts';

/*
 * Every code of rules 6.2 and 12.1, so that none is silently left out: how the judged ones are judged, in words, and of the
 * others why they are not. Name, severity, statute and version of a judged code stand in its rows and nowhere else.
 *
 *   judged     a function of `registry.ts` names it
 *   prevented  the hub is made so that it cannot come about; a test of that property stands in its place
 *   unjudged   the evidence is not in the hub
 *   by-people  reported by a person; nothing in the messages shows it
 *   waiting    comes with what it is part of
 */

/** How a judged code is judged, in words. */
export interface JudgedText {
  readonly trigger: string;
  readonly deadline: string;
  /** When it is not said although the trigger is there. */
  readonly guard: string;
}

/** Of every code that the registry has. */
export const JUDGED: Readonly<Record<DeviationCode, JudgedText>> = {
  'INS-01': {
    trigger: 'a need was judged, and no INS was sent for it; per clock',
    deadline: 'admission or judgement + 24 h',
    guard: 'the stay before has an INS that stands (DEC-08)',
  },
  'INS-02': {
    trigger: 'a discharge or a UTK, and no INS before it',
    deadline: 'at that message',
    guard: 'severity 3 for a stay under 24 h (DEC-07)',
  },
  'INS-03': {
    trigger: 'the INS came late, and the need was known at the admission; per clock',
    deadline: 'admission + 24 h',
    guard: 'INS-02 stands alone (DEC-07)',
  },
  'INS-04': {
    trigger: 'the INS came late after a judgement during the stay; per clock',
    deadline: 'judgement + 24 h',
    guard: 'INS-02 stands alone (DEC-07)',
  },
  'INS-05': {
    trigger: 'an item of LUS 2:2 was missing, and did not come in time (DEC-16)',
    deadline: 'that of the INS',
    guard: 'number and address of those who have none; address of the protected (DEC-35)',
  },
  'INS-06': {
    trigger: 'a recipient sent the INS back as wrongly addressed (RET)',
    deadline: 'at once',
    guard: 'a RET that its party took back; never received',
  },
  'INS-08': {
    trigger: 'a recipient has said no word on the stay',
    deadline: 'received + 24 h of bank days (unsure)',
    guard: 'a recipient that does not answer KVI through the hub (DEC-13); never received',
  },
  'INS-11': {
    trigger: 'discharged, and neither a need nor NONE was ever stated',
    deadline: 'when the stay closes (DEC-17)',
    guard: 'transfer, death; a need known from the stay before; for patterns only (DEC-09)',
  },
  'BUT-01': {
    trigger: 'left on another day than was told last, by more than 1 day (configuration)',
    deadline: 'at the discharge',
    guard: 'transfer, death; no INS before the discharge',
  },
  'BUT-02': {
    trigger: 'a new expected discharge was told late; per change',
    deadline: '24 h (unsure) before the new time; a day alone lasts to its end',
    guard: 'a time told first; what was told with or after the discharge',
  },
  'BUT-03': {
    trigger: 'the expected discharge passed: not ready, no new time, still there',
    deadline: 'expected discharge + 24 h',
    guard: 'admitted anew after it was told',
  },
  'BUT-04': {
    trigger: 'the expected discharge was changed 3 times or more',
    deadline: 'at the third change',
    guard: 'changes before the INS',
  },
  'FVK-01': {
    trigger: 'left for home, and a clinic with the INS has appointed no contact; per discharge and clinic',
    deadline: 'before the discharge',
    guard: 'received after the discharge; severity 1 under 24 h before it (DEC-13); transfer, death',
  },
  'FVK-02': {
    trigger: 'a clinic with the INS has said nothing at all',
    deadline: 'received + 72 h (unsure)',
    guard: 'who left before then is FVK-01 alone; as INS-08',
  },
  'FVK-03': {
    trigger:
      'the patient was informed by coded PATINFO, and the contact that the ward was told of is not in it; per discharge',
    deadline: 'end of the day of the discharge',
    guard:
      'PATINFO in words of its own; a contact of a clinic that is not the region’s own; severity 1 under 24 h before it; transfer, death',
  },
  'PLA-01': {
    trigger: 'a municipality or board with the INS has not begun to plan',
    deadline: 'received + 48 h (unsure)',
    guard: 'who left before then is UTS-09 alone; as INS-08',
  },
  'UTK-01': {
    trigger: 'left for home, and no unit had the UTK; per discharge',
    deadline: 'before the discharge; its own minute is in time (DEC-07)',
    guard:
      'against advice, transfer, death; refused consent (DEC-06); OPT and ORV; severity 2 when only a ground is missing',
  },
  'UTK-02': {
    trigger: 'the ward said late that the patient was ready; per word',
    deadline: 'judged ready + 4 h (unsure)',
    guard: 'said after the discharge is UTK-01 alone; OPT and ORV',
  },
  'UTK-03': {
    trigger: 'left for home, and some units had the UTK, others not; per discharge',
    deadline: 'before the discharge',
    guard: 'as UTK-01; severity 2: what is missing is a ground',
  },
  'UTK-04': {
    trigger: 'said ready while REFERRAL was Y; per word',
    deadline: 'at that message',
    guard: 'a referral that had ended, or was stated later',
  },
  'UTK-06': {
    trigger:
      'left for home, and a recipient had not acknowledged the UTK, or the decision on open compulsory care; per discharge and recipient',
    deadline: 'before the discharge',
    guard: 'received after the discharge; severity 1 under 24 h before it (DEC-13); as INS-08',
  },
  'UTK-07': {
    trigger: 'sent before noon by its own word, taken in after it, and not believed; per word',
    deadline: 'that noon',
    guard: 'at most 15 min on the way, or held up by an outage of the hub (architecture 7); clock=intake',
  },
  'SIP-01': {
    trigger: 'both principals are needed, and no clinic has called; per UTK',
    deadline: 'the third day after the UTK was received, or the bank day that it gives way to (LAW-64)',
    guard:
      'one principal alone; refused or opposed; OPT and ORV; transfer, death; a clinic that does not call through the hub (DEC-13)',
  },
  'SIP-02': {
    trigger: 'the call was sent late; per UTK',
    deadline: 'as SIP-01',
    guard: 'as SIP-01',
  },
  'SIP-03': {
    trigger: 'a unit that had the INS was not called by any call',
    deadline: 'at the first call',
    guard: 'units told after the call; as SIP-01',
  },
  'SIP-04': {
    trigger: 'called by another than the region’s open care',
    deadline: 'at the call',
    guard: 'no need',
  },
  'SIP-05': {
    trigger: 'a plan was made without consent; per maker',
    deadline: 'at the plan',
    guard: 'its later version has it',
  },
  'SIP-06': {
    trigger: 'called, and neither a plan nor a word that there will be none',
    deadline: '30 days (unsure) after the call',
    guard: 'transfer, death; OPT and ORV',
  },
  'SIP-07': {
    trigger: 'one of the four items of a plan is missing; per maker',
    deadline: 'at the plan',
    guard: 'its later version has it',
  },
  'SIP-08': {
    trigger: 'neither the person nor a relative took part in the plan, and no reason is written down; per maker',
    deadline: 'at the plan',
    guard: 'its later version says it',
  },
  'TVG-01': {
    trigger: 'an application for open compulsory care, and no co-ordinated care plan',
    deadline: 'before the application',
    guard: 'no need; a ward that does not state its plans through the hub (DEC-13)',
  },
  'TVG-02': {
    trigger: 'an application, and some unit has not adjusted the plan',
    deadline: 'before the application',
    guard: 'as TVG-01',
  },
  'TVG-03': {
    trigger: 'went home into open compulsory care, and no OPTDECISION was stated',
    deadline: 'before the discharge',
    guard: 'no need; transfer, death, against advice',
  },
  'UTS-01': {
    trigger: 'a unit with an INS has no information of its scope; per discharge',
    deadline: 'end of the day of the discharge',
    guard: 'transfer, death; refused consent; info=elsewhere; severity 2 when only a ground is missing (DEC-06)',
  },
  'UTS-02': {
    trigger: 'the information came, but late; per discharge',
    deadline: 'end of the day of the discharge',
    guard: 'as UTS-01; refused until then (DEC-06); given in time, and told late to a unit that a correction names',
  },
  'UTS-03': {
    trigger: 'the day of the discharge was told, and corrected to another; per discharge',
    deadline: 'when it was first told',
    guard: 'another hour of the same day; no INS before the discharge',
  },
  'UTS-04': {
    trigger: 'left for home, HOMECARE is stated, and no provider was told; per discharge',
    deadline: 'before the discharge; its own minute is in time',
    guard:
      'a municipality that does not add its providers through the hub (DEC-13); a call that was written down; the municipality’s, severity 1, when it had the UTS by then, else the ward’s',
  },
  'UTS-05': {
    trigger: 'left on an earlier day than was told last',
    deadline: 'at the discharge',
    guard: 'as BUT-01',
  },
  'UTS-06': {
    trigger: 'left for home, and no PATINFO of this part of the stay; per discharge',
    deadline: 'end of the day of the discharge',
    guard: 'an agreement that does not say patinfo=here; transfer, death',
  },
  'UTS-07': {
    trigger: 'left for home, and the ward’s own check list says NO-MEDICINES or NO-MEDICINE-LIST; per discharge',
    deadline: 'at the discharge',
    guard: 'an item that nobody mentions; transfer, death',
  },
  'UTS-08': {
    trigger: 'left for home, and the ward’s own check list says NO-AIDS or NO-HOME-ADAPTATION; per discharge',
    deadline: 'at the discharge',
    guard: 'as UTS-07',
  },
  'UTS-09': {
    trigger: 'left for home, and a municipality or board with the INS had not begun to plan; per discharge and party',
    deadline: 'before the discharge',
    guard: 'received after the discharge; severity 1 under 24 h before it (DEC-13); as INS-08',
  },
  'UTS-10': {
    trigger: 'a party found the patient at home, and no discharge is stated',
    deadline: 'at that word',
    guard: 'leave; no need',
  },
  'MOT-02': {
    trigger: 'the region’s open care says that its measures are not there; per clinic',
    deadline: 'at that word',
    guard: 'its later word',
  },
  'ATI-01': {
    trigger: 'left for home, and the next stay of the person is an unplanned admission; per discharge',
    deadline: 'discharge + 30 days (unsure)',
    guard:
      'pre-admitted or PV1-4 R (DEC-14); ATI-02 within 72 h; for patterns only: another hospital’s stay is not told to this ward',
  },
  'ATI-02': {
    trigger: 'as ATI-01',
    deadline: 'discharge + 72 h (unsure)',
    guard: 'as ATI-01',
  },
  'SEK-02': {
    trigger:
      'a recipient had the notices of a visit that was another person’s, or sent back what holds more than an INS',
    deadline: 'at once',
    guard: 'never received; a RET that its party took back',
  },
  'TEK-01': {
    trigger: 'a notice or a withdrawal has not reached its party',
    deadline: 'the legal deadline while the hub could keep it, else the act + 1 h',
    guard: 'ended before it had to be there',
  },
  'TEK-02': {
    trigger: 'a call that a recipient was told by beside the hub has been recorded',
    deadline: 'none; the time of the call',
    guard: 'the record was taken back',
  },
  'TEK-03': {
    trigger: 'a need waits for a recipient',
    deadline: 'that of the duty that waits',
    guard: '',
  },
  'TEK-04': {
    trigger: 'taken in after a message of the stay that was sent later',
    deadline: 'at that message',
    guard: 'no need; held up by an outage of the hub',
  },
};

/** A code that nothing judges, and why. */
export interface NotJudged {
  readonly code: string;
  readonly name: string;
  readonly severity: Severity;
  readonly state: 'prevented' | 'unjudged' | 'by-people' | 'waiting';
  /** What is missing, or what stands in its place. */
  readonly because: string;
}

export const NOT_JUDGED: readonly NotJudged[] = [
  not(
    'INS-07',
    'Öppenvård ej underrättad',
    3,
    'prevented',
    'a need of KHSL always concerns the region’s open care too; a clinic that no rule finds is TEK-03 (DEC-05)',
  ),
  not(
    'INS-09',
    'Inskrivningsmeddelande innehåller uppgifter utan grund',
    4,
    'prevented',
    'an INS has no place for anything but its items, and the profile refuses the rest',
  ),
  not(
    'INS-10',
    'Motstridiga inskrivningsmeddelanden',
    2,
    'prevented',
    'a second version follows the first in the same slot: a recipient has one INS of a stay',
  ),
  not('PLA-02', 'Otillräckligt underlag', 2, 'by-people', 'a party asks for more: a judgement of people'),
  not(
    'UTK-05',
    'Återkallad utskrivningsklar ej meddelad',
    3,
    'prevented',
    'the word that a patient is not ready (READY=N) is itself the withdrawal, to everyone who had the UTK (DEC-03); not delivered it is TEK-01',
  ),
  not('MOT-01', 'Kommun ej redo, fristdagar överskridna', 2, 'waiting', 'comes with the payment'),
  not('BET-01', 'Betalningsunderlag utan förutsättningar', 3, 'waiting', 'comes with the payment'),
  not('BET-02', 'Fel betalningsansvarig kommun', 3, 'waiting', 'comes with the payment'),
  not(
    'SEK-01',
    'Skyddade uppgifter röjda',
    4,
    'prevented',
    'of a protected person a notice goes to whom a person at the hub has released it, without address, and such a person stands in no search and no list (DEC-23, RTE-45); who looked is in the access log, for its spot checks',
  ),
];

function not(code: string, name: string, severity: Severity, state: NotJudged['state'], because: string): NotJudged {
  return { code, name, severity, state, because };
}
