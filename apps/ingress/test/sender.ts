import { connect, type Socket } from 'node:net';
import { frame, MllpFramer, parseMessage, type Hl7Message } from '#libs/hl7v2';

/** A sender that does not wait: it writes what it is told and keeps the answers in the order they came. */
export class Sender {
  readonly answers: Hl7Message[] = [];
  readonly socket: Socket;
  readonly #framer = new MllpFramer({ largestFrame: 65_536 });
  readonly #waiting: { count: number; resolve: (answers: Hl7Message[]) => void }[] = [];

  /** @param to a port of this machine, or a connection that is made already */
  constructor(to: number | Socket) {
    this.socket = typeof to === 'number' ? connect(to, '127.0.0.1') : to;
    this.socket.on('error', () => undefined);
    this.socket.on('data', (chunk: Buffer) => {
      for (const event of this.#framer.push(chunk)) if (event.kind === 'frame') this.#answered(event.body);
    });
  }

  send(...bodies: Buffer[]): void {
    this.socket.write(Buffer.concat(bodies.map(frame)));
  }

  /** Resolves when so many answers have come, counted from the first. */
  answered(count: number): Promise<Hl7Message[]> {
    if (this.answers.length >= count) return Promise.resolve(this.answers);
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }

  /** `AA of C-1`: code and control id of the answers so far. */
  get told(): string[] {
    return this.answers.map((answer) => `${answer.text('MSA', 1) ?? ''} of ${answer.text('MSA', 2) ?? ''}`);
  }

  closed(): Promise<void> {
    return this.socket.closed
      ? Promise.resolve()
      : new Promise((resolve) => this.socket.once('close', () => resolve()));
  }

  #answered(body: Buffer): void {
    const parsed = parseMessage(body.toString('utf8'));
    if (!parsed.ok) throw new Error('the answer is no message');
    this.answers.push(parsed.value);
    // Those told are forgotten: kept, each answer of a long run would go through all who ever waited.
    for (let at = this.#waiting.length - 1; at >= 0; at--) {
      const waiting = this.#waiting[at];
      if (waiting === undefined || this.answers.length < waiting.count) continue;
      this.#waiting.splice(at, 1);
      waiting.resolve(this.answers);
    }
  }
}
