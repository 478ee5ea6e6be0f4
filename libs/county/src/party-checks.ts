import { CountyDirectory, overlap, type CountyParty } from './county-directory.ts';

const ID_FORMS: Readonly<Record<CountyParty['kind'], RegExp>> = {
  municipality: /^\d{4}$/,
  'district-board': /^\d{4}-[a-z]+(-[a-z]+)*$/,
  clinic: /^SE\d{10}-[A-Za-z0-9]+$/,
  hospital: /^SE\d{10}-[A-Za-z0-9]+$/,
};

/** What a schema cannot say of `parties.json`: forms of ids (contract 1), periods, and that every successor stands ready. */
export function partyProblems(parties: readonly CountyParty[]): readonly string[] {
  const directory = new CountyDirectory(parties);
  return parties.flatMap((party, i) => {
    const at = `parties.json/parties/${i} (${party.id})`;
    return [...formProblems(party), ...periodProblems(party, directory), ...successorProblems(party, directory)].map(
      (problem) => `${at}: ${problem}`,
    );
  });
}

function formProblems({ id, kind, divided }: CountyParty): string[] {
  const problems: string[] = [];
  if (!ID_FORMS[kind].test(id)) problems.push(`id:t passar inte ${kind} | the id does not fit ${kind}`);
  if (divided === true && kind !== 'municipality') {
    problems.push('bara en kommun kan vara delad | only a municipality can be divided');
  }
  return problems;
}

function periodProblems(party: CountyParty, directory: CountyDirectory): string[] {
  const problems: string[] = [];
  if (party.to !== undefined && party.to < party.from) problems.push('slutar före sin början | ends before it begins');
  if (directory.rows(party.id).some((other) => other !== party && overlap(party, other))) {
    problems.push('två rader gäller samma dag | two rows are in force on the same day');
  }
  return problems;
}

function successorProblems(party: CountyParty, directory: CountyDirectory): string[] {
  if (party.successor === undefined) return [];
  if (party.to === undefined) return ['har efterträdare men inget slut | has a successor but no end'];
  // The successor must begin the very next day: a gap would be a day on which a notice has no recipient. It also ends chains.
  const next = directory.row(party.successor, dayAfter(party.to));
  if (next !== undefined && next.id !== party.id) return [];
  return ['efterträdaren gäller inte dagen efter | the successor is not in force the day after'];
}

function dayAfter(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
