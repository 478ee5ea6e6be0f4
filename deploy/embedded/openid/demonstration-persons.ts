import { senderCaller, type County } from '#libs/county';

/** A person who can sign in at the provider of the embedded start: none of them exists. */
export interface DemonstrationPerson {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly assignments: readonly {
    readonly id: string;
    readonly unit: string;
    readonly title: string;
    /** The one who controls the unit's log, who sees no case. */
    readonly controlsLog?: true;
  }[];
}

const assignment = (unit: string, title: string) => ({ id: unit.replace(/[^A-Za-z0-9._-]/g, '-'), unit, title });

/**
 * The demonstration's people: one for each kind of page, for units that the county has.
 * @param date the local day whose directory counts
 */
export function demonstrationPersons(county: County, date: string): DemonstrationPerson[] {
  const parties = county.partiesOn(date);
  const name = (id: string): string => parties.find((party) => party.id === id)?.name ?? id;
  const has = (id: string): boolean => parties.some((party) => party.id === id);
  const senders = county.senderIds();
  const caseWorkers = ['0180-jarva', '0184', '0180-sodermalm'].filter(has);
  const clinics = ['SE2321000016-2001', 'SE5560000001-2002'].filter(has);
  return [
    {
      id: 'handlaggare',
      name: 'Anna Handläggare',
      role: 'Handläggare i kommun och stadsdelsnämnd',
      assignments: caseWorkers.map((unit) => assignment(unit, `Handläggare, ${name(unit)}`)),
    },
    {
      id: 'mottagning',
      name: 'Bo Mottagning',
      role: 'Samordnare på en mottagning',
      assignments: clinics.map((unit) => assignment(unit, `Samordnare, ${name(unit)}`)),
    },
    {
      id: 'avdelning',
      name: 'Cecilia Avdelning',
      role: 'Sjuksköterska på en avdelning',
      assignments: senders.map((id) => assignment(senderCaller(id), `Sjuksköterska, ${id}`)),
    },
    {
      id: 'operator',
      name: 'David Drift',
      role: 'Den som driver Bryggan',
      assignments: [assignment('operator', 'Operatör')],
    },
    {
      id: 'loggkontroll',
      name: 'Eva Granskare',
      role: 'Den som kontrollerar loggen på en enhet',
      assignments: [...caseWorkers.slice(0, 1), ...clinics.slice(0, 1)].map((unit) => ({
        ...assignment(unit, `Loggkontroll, ${name(unit)}`),
        controlsLog: true as const,
      })),
    },
    {
      id: 'uppfoljning',
      name: 'Frida Uppföljning',
      role: 'Den som följer upp avvikelser, hos Storsthlm och regionen',
      assignments: [assignment('storsthlm', 'Utredare, Storsthlm'), assignment('hsf', 'Utredare, HSF')],
    },
  ].filter(({ assignments }) => assignments.length > 0);
}
