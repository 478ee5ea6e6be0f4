import type { Course, PersonCourse } from '#libs/domain';
import type { Problem } from '../findings.ts';
import type { Becomes, Checked } from './check-message.ts';

/** What a message does to the stay, in words for people at the sender. */
const COURSES: Readonly<Record<Course | PersonCourse, string>> = {
  'pre-admit': 'Planerad inskrivning: startar ingen frist.',
  register: 'Besök i öppen vård eller på akutmottagning: startar ingen frist.',
  admit: 'Inskrivning.',
  'to-inpatient': 'Patienten läggs in.',
  'to-outpatient': 'Patienten blir öppenvårdspatient: fristen upphör.',
  move: 'Flytt till en annan avdelning.',
  update: 'Uppdatering av vårdtillfället.',
  'leave-start': 'Permission: ingen utskrivning.',
  'leave-end': 'Åter från permission.',
  'planned-end': 'Beräknad utskrivning.',
  discharge: 'Utskrivning.',
  'cancel-admission': 'Inskrivningen makuleras: de som har fått veta får ett återtagande.',
  'cancel-move': 'Flytten makuleras.',
  'cancel-planned-end': 'Beräknad utskrivning tas bort.',
  'cancel-discharge': 'Utskrivningen makuleras.',
  'describe-person': 'Uppgifter om personen: gäller alla personens vårdtillfällen.',
  'merge-persons': 'Två nummer är en persons: det som är öppet går vidare under det som består.',
};

/** Only a patient who became one of inpatient care: an A06 whose PV1-2 says otherwise begins nothing. */
const DEADLINE_BEGINS = 'Patienten läggs in: 24-timmarsfristen börjar.';

/** A check for people: a line for each thing, in Swedish. */
export function checkText(checked: Checked): string[] {
  const { faults, findings, becomes, messages } = checked;
  return [
    fateOf(checked),
    ...faults.map((fault) => problemLine('Fel', fault)),
    ...findings.map((finding) => problemLine(GRADES[finding.grade ?? ''] ?? 'Anmärkning', finding)),
    ...becomes.flatMap(becomesLines),
    ...(messages ?? []).flatMap((message, index) => [`${index + 1}: ${titleOf(message)}`, ...checkText(message)]),
  ];
}

/** By what a message is known to its sender. */
export function titleOf({ sender = '?', trigger, controlId }: Checked): string {
  return [sender, trigger, controlId && `MSH-10 ${controlId}`].filter(Boolean).join(' ');
}

function fateOf({ answer, kind, taken, messages }: Checked): string {
  if (messages) return `En sats: ${messages.filter((one) => one.taken).length} av ${messages.length} tas emot.`;
  if (kind === 'file') return 'Inget meddelande.';
  return kind === 'hl7v2' ? fate(answer, taken) : `Tas ${taken ? '' : 'inte '}emot.`;
}

/** What only the content can tell is acknowledged, and lies on `rejected` then (architecture 2.1). */
function fate(answer: Checked['answer'], taken: boolean): string {
  if (taken) return `Tas emot (${answer}).`;
  if (answer === 'none') return 'Besvaras inte: det är en kvittens.';
  return answer === 'AA' ? 'Kvitteras (AA), men kan inte läsas: läggs åt sidan.' : `Tas inte emot (${answer}).`;
}

const GRADES: Readonly<Record<string, string>> = {
  noted: 'Anmärkning',
  unstated: 'Räknas som inte angivet',
  flagged: 'Läst på annat sätt än det skrevs',
};

function problemLine(kind: string, { code, place, text, remedy }: Problem): string {
  return `${kind}: ${code}${place === undefined ? '' : ` i ${place}`}. ${text} ${remedy}`;
}

function becomesLines({ trigger, course, told, withheld, tasks, lacks, admission }: Becomes): string[] {
  return [
    `${trigger}: ${course === 'to-inpatient' && admission ? DEADLINE_BEGINS : COURSES[course]}`,
    ...told.map(({ kind, name, why }) => `${kind} till ${name}: ${why.join(' ')}`),
    ...withheld.map(({ kind, name, why }) => `${kind} till ${name} hålls inne: ${why.join(' ')}`),
    ...tasks.map(({ code, text }) => `Uppgift ${code}: ${text}`),
    ...lacks.map(({ what, place, text }) => `Saknas: ${what} (${place}). ${text}`),
    ...(told.length === 0 && withheld.length === 0 ? [nobody(course, admission)] : []),
  ];
}

function nobody(course: Becomes['course'], admission: boolean): string {
  if (admission || TELL_NOBODY.has(course)) return 'Ingen får veta något av detta meddelande ensamt.';
  if (course === 'admit' || course === 'to-inpatient')
    return 'Vårdformen (PV1-2) är inte I, sluten vård: ingen frist börjar, och ingen får veta något.';
  return 'Meddelandet säger inte när patienten skrevs in: vem som får veta något beror på vad som har kommit före det.';
}

/** Whatever came before, nothing is told of these by themselves. */
const TELL_NOBODY: ReadonlySet<Becomes['course']> = new Set(['pre-admit', 'register', 'describe-person']);
