import { readCheckedActRecord, readReportRecord } from './cases/read-case-word.ts';
import { readDecision } from './operations/read-decision.ts';
import { readFhirMessage } from './fhir/read-fhir-message.ts';
import { readHl7v2 } from './hl7v2/read-hl7v2.ts';
import { readNoticeFormRecord } from './forms/read-notice-form.ts';
import { OLD_SERVICES, readImport } from './imports/read-import.ts';
import { readReply, readTaskReplyRecord } from './replies/read-reply.ts';
import type { Reader } from './translation.ts';

/** Kind of an inbound record (its header `kind`) -> who reads its bytes. A kind that is not here is rejected. */
export const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['hl7v2', readHl7v2],
  ['notice-form', readNoticeFormRecord],
  ['reply', readReply],
  ['fhir-message', readFhirMessage],
  ['task-reply', readTaskReplyRecord],
  ['operator-decision', readDecision],
  ['deviation-report', readReportRecord],
  ['case-act', readCheckedActRecord],
  [OLD_SERVICES.webcare.kind, readImport('webcare')],
  [OLD_SERVICES['lifecare-sp'].kind, readImport('lifecare-sp')],
]);
