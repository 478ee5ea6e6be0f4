/** What the hub was seen to do per message; the raw line does the same number of things of the same size. */
export interface LineShape {
  readonly eventBytes: number;
  readonly deliveriesPerMessage: number;
  readonly deliveryBytes: number;
  readonly receiptBytes: number;
}

/** Topics of one line, by name. */
export interface LineTopics {
  readonly inbound: string;
  readonly events: string;
  readonly receipts: string;
  readonly receiptsOfSender: string;
  /** One per party. */
  readonly deliveries: readonly string[];
}

/** What the raw line is told. */
export interface RawLineTold {
  readonly brokers: string[];
  readonly databaseUrl: string;
  readonly prefix: string;
  readonly shape: LineShape;
  readonly topics: LineTopics;
}
