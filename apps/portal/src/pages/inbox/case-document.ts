import { answerCodeOf, type Instant } from '#libs/domain';
import { ANSWER_NAMES, statementLines } from '../answers/answer-words.ts';
import type { GivenAnswer } from '../answers/given-answers.ts';
import { CONTACT_CHANNELS, contactName, type Contact } from '../contacts.ts';
import type { DocumentPart, PrintedDocument } from '../documents/pdf.ts';
import { fullTimeWords, leftWords } from '../time-words.ts';
import type { ToldCase } from '../told-cases.ts';
import { dutiesOf, expectedWords, STATE_WORDS, numberName, replaced, wholeNumber } from './case-words.ts';

interface CaseDocumentParts {
  readonly told: ToldCase;
  readonly given: readonly GivenAnswer[];
  readonly contacts: readonly Contact[];
  readonly isOpenCare: boolean;
  readonly now: Instant;
  readonly nameOf: (party: string) => string;
  /** What the unit is called, and who made the document. */
  readonly unit: string;
  readonly by: string;
}

/** A case as a document to print or keep: what its page shows, without what can be done there. */
export function caseDocument(parts: CaseDocumentParts): PrintedDocument {
  const { told, given, isOpenCare, now, unit, by } = parts;
  const { person } = told;
  const expected = expectedWords(told, now);
  const duties = dutiesOf(told, given, isOpenCare).map(({ text, due }): string =>
    due === undefined ? text : `${text}, ${leftWords(due, now)} (${fullTimeWords(due)})`,
  );
  const facts: [string, string][] = [
    ['Namn', person.name],
    ['Läge', STATE_WORDS[told.state]],
    [numberName(person.number), wholeNumber(person.number)],
    ...(person.address === undefined ? [] : [['Folkbokföringsadress', person.address] as [string, string]]),
    ...(expected ? [['Hem', expected.now] as [string, string]] : []),
  ];
  return {
    title: 'Ärende',
    origin: `${unit}. Framtaget ur Bryggan ${fullTimeWords(now)} av ${by}.`,
    parts: [
      ...(person.isProtected
        ? [{ kind: 'text', text: 'Skyddade personuppgifter. Sprid inte vidare.' } satisfies DocumentPart]
        : []),
      { kind: 'facts', facts },
      { kind: 'heading', text: 'Att göra' },
      ...(duties.length === 0 ? ['Inget väntar på er.'] : duties).map((text): DocumentPart => ({ kind: 'text', text })),
      { kind: 'heading', text: 'Händelser' },
      ...entries(parts),
    ],
  };
}

/** What the unit was told and what it answered, in the order of time. */
function entries({ told, given, contacts, now, nameOf }: CaseDocumentParts): DocumentPart[] {
  const taken = (title: string, isBack: boolean): string => (isBack ? `${title} (återtaget)` : title);
  const isBefore = replaced(told);
  const all: (readonly [at: Instant, title: string, lines: readonly string[]])[] = [
    ...told.notices.map(
      ({ id, sent, name, withdrawn, texts, ground }) =>
        [
          sent,
          isBefore.has(id) ? `${name} (ersatt av ett senare)` : taken(name, withdrawn),
          [...texts, ...(ground === undefined ? [] : [`Grund: ${ground}`])],
        ] as const,
    ),
    ...told.answers.map(
      ({ sent, party, says, undone }) =>
        [
          sent,
          taken(`${ANSWER_NAMES[answerCodeOf(says)]} från ${nameOf(party)}`, undone),
          statementLines(says, nameOf, now),
        ] as const,
    ),
    ...contacts.map(
      (contact) =>
        [contact.at, `${contactName(contact)} från avdelningen`, [`Per ${CONTACT_CHANNELS[contact.channel]}`]] as const,
    ),
    ...given
      .filter(({ says }) => says.kind !== 'undone')
      .map(
        ({ at, code, says, undone, by }) =>
          [
            at,
            taken(`Vi: ${ANSWER_NAMES[code]}`, undone),
            [...statementLines(says, nameOf, now), by === undefined ? 'Från eget system' : `Av ${by}`],
          ] as const,
      ),
  ];
  return all
    .sort(([a], [b]) => a - b)
    .map(([at, title, lines]) => ({ kind: 'entry', when: fullTimeWords(at), title, lines }));
}
