import { describe, expect, it } from '@jest/globals';
import { judge } from '../deviations/registry.ts';
import { around } from '../deviations/ward-stay.fixture.ts';
import { IntakeSequence } from '../events/intake-sequence.ts';
import type { StayEvent } from '../events/stay-event.ts';
import { decide } from '../routing/decision.ts';
import { type DirectoryVersions, PartyDirectory, VersionedDirectory } from '../parties/directory.ts';
import type { Party } from '../parties/party.ts';
import { parametersOn } from '../rules/parameters.ts';
import { DIRECTORY, expecting, JARVA, may, message, need, SOLNA, stated } from '../ward.fixture.ts';
import { ADMITTED, decided, SUNDBYBERG } from './changed-recipients.fixture.ts';
import { GrowingHistory, historyOf } from './history.ts';

describe('a directory that is imported while the stay goes on', () => {
  const entrusting = new PartyDirectory({
    version: 'entrusting',
    parties: DIRECTORY.all().map((party): Party =>
      party.id === SOLNA ? { ...party, entrusts: [{ to: SUNDBYBERG, scopes: ['SOC'] }] } : party,
    ),
  });
  const versions = new VersionedDirectory([
    { since: may('01'), directory: DIRECTORY },
    { since: may('05 12:00'), directory: entrusting },
  ]);
  const rules = (directory: DirectoryVersions) => ({
    directory,
    parameters: (date: string) => parametersOn(date),
    judge: ({ sentAt }: StayEvent) => sentAt,
  });
  const told = (events: readonly StayEvent[], directory: DirectoryVersions) =>
    historyOf({ events, ...rules(directory) });
  const reroutedAt = (events: readonly StayEvent[], directory: DirectoryVersions, instant: string) => {
    const growing = new GrowingHistory(rules(directory));
    growing.of(new IntakeSequence(events), undefined);
    return growing.reroutedAt(may(instant));
  };
  const changed = (intake: string): StayEvent =>
    decided(intake, { kind: 'directory-changed', version: 'entrusting', at: may('05 12:00') });

  it('is gone by from the event on that says so, and what was decided before is decided the same again', () => {
    const first = told([ADMITTED], DIRECTORY);
    expect(reroutedAt([ADMITTED], versions, '05 11:59')).toBeUndefined();
    expect(reroutedAt([ADMITTED], versions, '05 12:00')).toEqual({ before: [SOLNA], after: [SUNDBYBERG] });
    const reached = [ADMITTED, changed('05 12:00')];
    expect(reroutedAt(reached, versions, '05 12:01')).toBeUndefined();
    const history = told(reached, versions);
    const { acts: all, decisions } = history;
    expect(all.map(({ recipient, at, ended, decidedBy }) => [recipient, at, ended?.at, decidedBy?.directory])).toEqual([
      [SOLNA, may('04 08:30'), may('05 12:00'), 'ward'],
      [SUNDBYBERG, may('05 12:00'), undefined, 'entrusting'],
    ]);
    // The ward has told whom it had to: that another answers since is none of its doing.
    const received = new Map(all.map((act) => [act.key, act.at]));
    const { parameters } = rules(versions);
    const { deviations } = judge(history, around('09 00:00', { received, parameters }));
    expect(deviations.filter(({ code }) => !code.startsWith('TEK'))).toEqual([]);
    expect(decisions[0]).toEqual(first.decisions[0]);
    const { facts, date, recipients } = decisions[0]!.decision;
    expect(decide(facts, versions.at(decisions[0]!.at), date).recipients).toEqual(recipients);
  });

  it('tells nobody twice when the event comes late, or a message has brought the change before it', () => {
    const message1 = message('A08', { sent: '05 12:30', encounter: expecting('11') });
    for (const events of [
      [ADMITTED, message1, changed('05 13:00')],
      [changed('05 13:00'), message1, ADMITTED],
    ]) {
      expect(told(events, versions).acts.map(({ kind, recipient, ended }) => [kind, recipient, ended?.cause])).toEqual([
        ['INS', SOLNA, 'other-recipient'],
        ['INS', SUNDBYBERG, undefined],
      ]);
    }
  });

  it('changes nothing of a stay whose patient has left by then (DEC-17)', () => {
    const left = message('A03', { sent: '05 09:00', encounter: { end: stated('05 08:30') } });
    const later = message('A08', { sent: '05 15:00', encounter: expecting('12') });
    expect(reroutedAt([ADMITTED, left], versions, '05 12:00')).toBeUndefined();
    expect(told([ADMITTED, left, changed('05 13:00'), later], versions).informed.map(({ party }) => party.id)).toEqual([
      SOLNA,
    ]);
  });

  it('reaches a stay at midnight of the day on which a board is merged into another (RTE-24)', () => {
    const merging = new PartyDirectory({
      version: 'merging',
      parties: DIRECTORY.all().map((party): Party => {
        const isOld = party.id === JARVA && party.to === undefined;
        return isOld ? { ...party, to: '2026-05-05', successor: '0180-farsta' } : party;
      }),
    });
    const patient = { address: { lines: ['Provgatan 1'], municipality: '0180', district: 'jarva' } };
    const facts = [need('SOC', '04 08:15')];
    const CITY = message('A01', { sent: '04 08:30', facts, encounter: expecting('10'), patient });
    expect(merging.changes).toContain(may('06 00:00'));
    expect(reroutedAt([CITY], merging, '05 23:59')).toBeUndefined();
    expect(reroutedAt([CITY], merging, '06 00:00')).toEqual({ before: [JARVA], after: ['0180-farsta'] });
    const later = message('A08', { sent: '06 08:00', encounter: expecting('12'), patient });
    const events = [CITY, changed('06 00:00'), later];
    // Who has been told stays told, and what comes next goes to who took over.
    expect(told(events, merging).acts.map(({ kind, recipient, ended }) => [kind, recipient, ended?.cause])).toEqual([
      ['INS', JARVA, undefined],
      ['INS', '0180-farsta', undefined],
      ['BUT', '0180-farsta', undefined],
    ]);
  });
});
