import { directoryOf, readDirectory } from '#libs/county';
import { decide, explained, type PartyDirectory, type RoutingFacts } from '#libs/domain';
import { memoryUse, serve, told } from './child.ts';

/**
 * Routing alone: a directory is read, checked and kept, then the same few questions are decided again and again. Nothing else
 * runs in the process.
 */
const { partiesFile, addressesFile, seconds } = told() as {
  readonly partiesFile: string;
  readonly addressesFile: string;
  readonly seconds: number;
};
const DATE = '2026-05-04';

/** Processor time of this process, ms: what others do on the machine does not count. */
function cpuUse(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const began = cpuUse();
const problems: string[] = [];
const directory: PartyDirectory = directoryOf(readDirectory(partiesFile, addressesFile, problems));
if (problems.length > 0) throw new Error(problems.slice(0, 3).join('\n'));
const importMs = cpuUse() - began;

/** Every second one by the address alone, every third of a person who has been placed. */
function factsAt(index: number): RoutingFacts {
  const street = `Gata ${'ABCDEFGHIJ'.charAt(index % 10)}${index % 2000} ${1 + (index % 90)}`;
  return {
    ...{ need: ['SOC', 'ROV'], identity: 'personnummer', birthDate: '1950-02-03', housing: 'ORD' },
    address: { lines: [street], municipality: '0180', ...(index % 2 === 0 && { district: 'farsta' }) },
    listing: { clinic: 'SE2321000016-2001' },
    ...(index % 3 === 0 && { placedBy: '0184' }),
    contacts: index % 5 === 0 ? ['SE2321000016-2101'] : [],
  };
}

const questions = Array.from({ length: 5_000 }, (_, index) => factsAt(index));

function perSecond(work: (facts: RoutingFacts) => unknown): number {
  for (const facts of questions) work(facts);
  const start = cpuUse();
  let done = 0;
  while (cpuUse() - start < seconds * 1000) {
    for (const facts of questions) work(facts);
    done += questions.length;
  }
  return done / ((cpuUse() - start) / 1000);
}

serve({
  ready: { importMs, parties: directory.all().length, ranges: directory.addressRanges },
  answers: {
    memory: memoryUse,
    decided: () => perSecond((facts) => decide(facts, directory, DATE)),
    explained: () => perSecond((facts) => explained(decide(facts, directory, DATE))),
  },
  stop: () => Promise.resolve(),
});
