import { HOST, HOST_RULE, LOOPBACK, PORT_MAX } from './setting-forms.ts';
import type { SettingsReader } from './settings-reader.ts';

export interface MllpSettings {
  readonly host: string;
  readonly port: number;
  readonly maxFrameBytes: number;
  /** Of the machine's clock (contract 3). */
  readonly idleMillis: number;
  /** Messages of one connection not yet answered; then it is not read. */
  readonly maxInFlight: number;
}

/** Room in a record batch beside the message itself: headers, key, framing. */
const ENVELOPE_BYTES = 16_384;
const MEBIBYTE = 1_048_576;

/**
 * The door of the senders; `port` when the start knows it better. A frame that Kafka would refuse must be refused at the
 * door: else its sender would be answered AE, and send it again, for ever.
 */
export function readMllp(reader: SettingsReader, maxMessageBytes: number, port: number | undefined): MllpSettings {
  const stated = reader.integer('BRYGGAN_MLLP_PORT', 2575, 0, PORT_MAX);
  return {
    host: reader.text('BRYGGAN_MLLP_HOST', HOST, HOST_RULE) ?? LOOPBACK,
    port: port ?? stated,
    maxFrameBytes: readMaxFrame(reader, maxMessageBytes - ENVELOPE_BYTES),
    idleMillis: reader.seconds('BRYGGAN_MLLP_IDLE_SECONDS', 600, 1, 86_400),
    maxInFlight: reader.integer('BRYGGAN_MLLP_MAX_IN_FLIGHT', 64, 1, 10_000),
  };
}

function readMaxFrame(reader: SettingsReader, most: number): number {
  const otherwise = Math.min(MEBIBYTE - ENVELOPE_BYTES, most);
  const bytes = reader.integer('BRYGGAN_MLLP_MAX_FRAME_BYTES', otherwise, 1024, 64 * MEBIBYTE);
  if (bytes > most) {
    reader.problem('BRYGGAN_MLLP_MAX_FRAME_BYTES', {
      sv: `får vara högst ${most}; höj annars BRYGGAN_KAFKA_MAX_MESSAGE_BYTES och ämnenas gräns`,
      en: `may be at most ${most}; or raise BRYGGAN_KAFKA_MAX_MESSAGE_BYTES and the topics' limit`,
    });
  }
  return bytes;
}
