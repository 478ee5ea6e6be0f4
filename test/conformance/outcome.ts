import { join } from 'node:path';
import { readHeader, splitBatch } from '#libs/hl7v2';
import { loadCounty } from '#libs/county';
import { entryOf, IdMaker, type Fault } from '#libs/platform';
import { examine, PLAIN } from '../../apps/ingress/src/door.ts';
import { readHl7v2 } from '../../apps/translator/src/hl7v2/read-hl7v2.ts';

const county = loadCounty(join(import.meta.dirname, '../../deploy/county'));
const ids = new IdMaker(Buffer.alloc(32, 7));
const TODAY = '2026-05-10';
const INTAKE = Date.parse(`${TODAY}T14:31:00+02:00`);

const told = (fault: Fault): string => `${entryOf(fault).hl7} ${fault.name}@${fault.place ?? ''}`;

/**
 * What becomes of bytes that KS or another sender of the demonstration county sends on 2026-05-10:
 * `AA A01 admit Tolvan 191212121212 V-1 2026-05-10T14:20:00+02:00 [findings]`, `AA rejected ...`, `AR 200 ...`, `no answer`.
 */
export function outcomeOf(bytes: Buffer): string[] {
  const header = readHeader(bytes);
  const batch = !header.ok && header.fault.code === 'batch' ? splitBatch(bytes) : undefined;
  if (batch?.ok === true) return batch.value.messages.flatMap(outcomeOf);
  const examined = examine(bytes, county, TODAY, PLAIN);
  if (examined.kind === 'acknowledgement') return ['no answer'];
  if (examined.kind === 'refused') return [`${entryOf(examined.fault).ack} ${told(examined.fault)}`];
  const sender = examined.agreement.id;
  const arrival = { inboundId: ids.inbound(sender, bytes), sender, bytes, intakeAt: INTAKE, intakeStamp: 1 };
  const translation = readHl7v2(arrival, { county, ids });
  if (translation.kind === 'rejection') return [`AA rejected ${translation.faults.map(told).join(' ')}`];
  return translation.events.map(({ event, raw }) => {
    const findings = event.findings.map(({ code, place }) => `${code}@${place}`);
    if (!('stayId' in event)) return ['AA', event.trigger, event.says.kind, ...findings].join(' ');
    const { patient, encounter } = event;
    const says = [event.trigger, event.course, patient.name?.family, patient.identities[0]?.value, raw.visitId];
    return ['AA', ...says, encounter.start?.iso ?? '-', ...findings].join(' ');
  });
}
