export {
  acknowledgement,
  type Acknowledgement,
  type AcknowledgementCode,
  type AcknowledgementError,
  type Outcome,
  wantedAnswers,
  type WantedAnswers,
} from './acknowledgement.ts';
export { batchOfAnswers, splitBatch, type Batch, type BatchFault } from './batch.ts';
export {
  charsetNamed,
  decodeCharset,
  encodeCharset,
  type Charset,
  type CharsetFault,
  type CharsetSalvage,
  type DecodedText,
} from './charset.ts';
export { type Delimiters, unescapeText } from './delimiters.ts';
export {
  contentStart,
  type HeaderFault,
  isAcknowledgement,
  type MessageHeaderFields,
  type MessageType,
  messageTypeOf,
  readHeader,
} from './header.ts';
export {
  Hl7Message,
  textOf,
  type Component,
  type Field,
  type Repetition,
  type Segment,
  type Value,
} from './message.ts';
export { HL7_CONTENT_TYPE, messagesIn, readFilesAt, type FileMessage, type ReadFile } from './message-file.ts';
export { frame, MllpFramer, unframed, type FramerEvent, type FramerOptions } from './mllp-framer.ts';
export { parseMessage, type ParseFault } from './parse.ts';
export type { Result } from './result.ts';
export { formatTimestamp, parseTimestamp, type Precision, type Timestamp, type TimestampFault } from './timestamp.ts';
export { components, repetitions, segment, value, writeMessage, type WrittenSegment } from './write.ts';
