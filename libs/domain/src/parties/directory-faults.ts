import { rangeFaults, type AddressRange } from './address-register.ts';
import { PartyDirectory } from './directory.ts';
import { LAST_DAY, MUNICIPAL_KINDS, overlap, type Party, type PartyId, type PartyKind } from './party.ts';
import { plusDays } from '../time/time.ts';

/**
 * What is wrong with a directory, all of it at once: a directory is taken whole or refused whole. A gap or a successor that is
 * not there would be a day on which a notice has nobody to go to.
 */
export interface DirectoryFault {
  /** `parties/12 (0180-jarva)` or `addresses/4711`, counted from 0 in the order of the content. */
  readonly place: string;
  /** Swedish and English, as the county's files have it. */
  readonly text: string;
}

/** Since the act of 2017 is in force: what ended before it needs no desk, as no stay can be routed to it. */
const BEGINNING = '2018-01-01';

/** All faults of a directory's parties and addresses. */
export function directoryFaults(parties: readonly Party[], addresses: readonly AddressRange[] = []): DirectoryFault[] {
  const directory = new PartyDirectory({ version: '', parties });
  return [
    ...parties.flatMap((party, index) =>
      partyTexts(party, directory).map((text) => ({ place: `parties/${index} (${party.id})`, text })),
    ),
    ...sharedAreas(parties),
    ...addresses.flatMap((range, index) =>
      addressTexts(range, directory).map((text) => ({ place: `addresses/${index}`, text })),
    ),
    ...rangeFaults(addresses).map(({ row, text }) => ({ place: `addresses/${row}`, text })),
  ];
}

function partyTexts(party: Party, directory: PartyDirectory): string[] {
  return [
    ...formTexts(party),
    ...periodTexts(party, directory),
    ...successorTexts(party, directory),
    ...reachTexts(party),
    ...deskTexts(party),
    ...divisionTexts(party, directory),
    ...referenceTexts(party, directory),
  ];
}

const CODE = /^\d{4}$/;
const HSA_ID = /^SE\d{10}-[A-Za-z0-9]{1,18}$/;
const ID_FORMS: Readonly<Partial<Record<PartyKind, RegExp>>> = {
  municipality: CODE,
  'district-board': /^\d{4}-[a-z]+(-[a-z]+)*$/,
  association: /^[a-z]+$/,
  'region-administration': /^[a-z]+$/,
};

function formTexts({ id, kind, divided, legalForms, hsaId, care, areas }: Party): string[] {
  const texts: string[] = [];
  if (!(ID_FORMS[kind] ?? HSA_ID).test(id)) texts.push(`id:t passar inte ${kind} | the id does not fit ${kind}`);
  if (hsaId !== undefined && !HSA_ID.test(hsaId)) texts.push('hsaId är inget HSA-id | hsaId is no HSA-id');
  if (legalForms.length === 0) texts.push('rättslig form saknas | there is no legal form');
  if (divided && kind !== 'municipality')
    texts.push('bara en kommun kan vara delad | only a municipality can be divided');
  if (areas && (kind !== 'clinic' || care === undefined)) {
    texts.push('bara en mottagning med angiven vård har områden | only a clinic with a kind of care has areas');
  }
  return texts;
}

function periodTexts(party: Party, directory: PartyDirectory): string[] {
  const texts: string[] = [];
  const others = directory.rows(party.id).filter((row) => row !== party);
  if ((party.to ?? LAST_DAY) < party.from) texts.push('slutar före sin början | ends before it begins');
  if (others.some((other) => overlap(party, other))) {
    texts.push('två rader gäller samma dag | two rows are in force on the same day');
  }
  if (party.to === undefined || party.successor !== undefined) return texts;
  const next = plusDays(party.to, 1);
  const later = others.filter(({ from }) => from >= next);
  if (later.length > 0 && !later.some(({ from }) => from === next)) {
    texts.push('det finns en lucka till nästa rad | there is a gap before the next row');
  }
  if (later.length === 0 && MUNICIPAL_KINDS.has(party.kind)) {
    texts.push('slutar utan efterträdare | ends without a successor');
  }
  return texts;
}

/** The successor begins the very next day; it also ends chains, as it must be in force itself. */
function successorTexts(party: Party, directory: PartyDirectory): string[] {
  if (party.successor === undefined) return [];
  if (party.to === undefined) return ['har efterträdare men inget slut | has a successor but no end'];
  const next = directory.row(party.successor, plusDays(party.to, 1));
  if (!next || next.id === party.id) {
    return ['efterträdaren gäller inte dagen efter | the successor is not in force the day after'];
  }
  return MUNICIPAL_KINDS.has(party.kind) === MUNICIPAL_KINDS.has(next.kind)
    ? []
    : ['efterträdaren är av ett annat slag | the successor is of another kind'];
}

/** Kinds that a rule can choose, so that somebody has to be there at night and at weekends (rules 12.6). */
const CHOSEN_BY_RULE: ReadonlySet<PartyKind> = new Set<PartyKind>([...MUNICIPAL_KINDS, 'clinic']);

function reachTexts({ kind, divided, to, outOfHours, delivery = [] }: Party): string[] {
  if (!CHOSEN_BY_RULE.has(kind) || divided || (to ?? LAST_DAY) < BEGINNING) return [];
  const texts: string[] = [];
  if (outOfHours === undefined) {
    texts.push('säger inte om den nås utom kontorstid | does not say whether it is reached out of hours');
  }
  if (delivery.length === 0) texts.push('har ingen leveransadress | has no address for delivery');
  return texts;
}

function deskTexts({ kind, divided, to, desks = [] }: Party): string[] {
  if (!MUNICIPAL_KINDS.has(kind) || divided || (to ?? LAST_DAY) < BEGINNING) return [];
  const texts: string[] = [];
  if (desks.filter(({ isDefault }) => isDefault).length !== 1) {
    texts.push('ska ha en mottagningsfunktion, och bara en | needs one default desk, and one only');
  }
  if (new Set(desks.map(({ id }) => id)).size !== desks.length) {
    texts.push('två enheter har samma id | two desks have the same id');
  }
  const groups = desks.flatMap(({ takes }) => takes);
  for (const group of new Set(groups.filter((one, index) => groups.indexOf(one) !== index))) {
    texts.push(`två enheter tar ${group} | two desks take ${group}`);
  }
  return texts;
}

/**
 * On every day that a municipality is divided it has a board, unless its row says in its note why none is known in all that
 * time; and a board's municipality is divided.
 */
function divisionTexts(party: Party, directory: PartyDirectory): string[] {
  if (party.kind === 'district-board') {
    const [code = ''] = party.id.split('-');
    const isDivided = [party.from, party.to ?? LAST_DAY].every(
      (date) => directory.municipality(code, date)?.divided === true,
    );
    return isDivided
      ? []
      : [`kommun ${code} är inte delad under hela tiden | municipality ${code} is not divided all that time`];
  }
  if (!party.divided) return [];
  const boards = directory
    .all()
    .filter(({ kind, id }) => kind === 'district-board' && id.startsWith(`${party.id}-`))
    .sort((a, b) => (a.from < b.from ? -1 : 1));
  if (party.note !== undefined && !boards.some((board) => overlap(board, party))) return [];
  let covered = party.from;
  for (const { from, to = LAST_DAY } of boards)
    if (from <= covered && to >= covered) covered = to === LAST_DAY ? LAST_DAY : plusDays(to, 1);
  return covered >= (party.to ?? LAST_DAY) ? [] : [`har ingen nämnd den ${covered} | has no board on ${covered}`];
}

/** Parties that others name must be there: those that take a task over all the time, an area at some time of it. */
function referenceTexts(party: Party, directory: PartyDirectory): string[] {
  const { entrusts = [], partOf, areas = [] } = party;
  const gone = [...entrusts.map(({ to }) => to), ...(partOf === undefined ? [] : [partOf])].filter(
    (id) => !isThereFor(directory, id, party),
  );
  const strange = areas.filter((id) => !directory.rows(id).some((row) => overlap(row, party)));
  return [
    ...gone.map((id) => `${id} gäller inte hela tiden | ${id} is not in force all that time`),
    ...strange.map((id) => `området ${id} finns inte | there is no area ${id}`),
  ];
}

function isThereFor(directory: PartyDirectory, id: PartyId, { from, to }: Pick<Party, 'from' | 'to'>): boolean {
  const known = (date: string): boolean => (directory.party(id, date) ?? directory.row(id, date)) !== undefined;
  return known(from) && known(to ?? LAST_DAY);
}

function sharedAreas(parties: readonly Party[]): DirectoryFault[] {
  const clinics = parties.flatMap((party, index) => (party.areas ?? []).map((area) => ({ party, index, area })));
  const byArea = Map.groupBy(clinics, ({ party, area }) => `${party.care ?? ''}|${area}`);
  return [...byArea.values()].flatMap((sharing) =>
    sharing.flatMap(({ party, index, area }, place) =>
      sharing.slice(place + 1).some((other) => overlap(party, other.party))
        ? [
            {
              place: `parties/${index} (${party.id})`,
              text: `delar området ${area} med en annan mottagning | shares the area ${area} with another clinic`,
            },
          ]
        : [],
    ),
  );
}

function addressTexts({ board, municipality, from, to }: AddressRange, directory: PartyDirectory): string[] {
  const isBoard =
    directory.rows(board).some(({ kind }) => kind === 'district-board') && board.startsWith(`${municipality}-`);
  if (!isBoard)
    return [`${board} är ingen nämnd i kommun ${municipality} | is no board of municipality ${municipality}`];
  return isThereFor(directory, board, { from, ...(to !== undefined && { to }) })
    ? []
    : [`${board} gäller inte hela tiden | is not in force all that time`];
}
