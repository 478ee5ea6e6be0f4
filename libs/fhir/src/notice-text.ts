import type { Instant, NoticeContent, StatedTime } from '#libs/domain';
import { printable } from './printable.ts';

const STOCKHOLM = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Stockholm',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
});

const local = (instant: Instant) => STOCKHOLM.format(instant);

/** A stated time for a person: local, to the minute at most. */
function spoken(time: StatedTime): string {
  return time.iso.length <= 10 ? time.iso : local(time.start);
}

/**
 * Communication.payload: what a person reads, in Swedish. An INS has none: its items stand in elements that the profile
 * can enforce, and a free text is where a ward's name would slip in (domain.md 12.4).
 */
export function writePayload(content: NoticeContent): string | undefined {
  switch (content.kind) {
    case 'INS':
      return undefined;
    case 'BUT':
      return `Beräknad utskrivning ${spoken(content.expectedDischarge)}`;
    case 'UTK':
      return `Utskrivningsklar sedan ${local(content.readySince)}`;
    case 'UTS':
      return `Utskriven ${spoken(content.dischargedAt)}`;
    case 'INFO':
      return printable(content.text);
  }
}
