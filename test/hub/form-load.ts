import { isDeepStrictEqual } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { observation, wardMessage } from '../../libs/fhir/definitions/incoming-message.ts';
import { HOUR, MINUTE, type Instant } from '../../apps/simulator/src/county/county-time.ts';
import { byParty, type Outcome, type Told } from './outcome.ts';
import { lasting, type TestHub } from './test-hub.ts';
import { SOLNA } from './ward.ts';

/** The ways in that HL7 v2 does not come by: requests of systems and of people, and a party's own topic. */
const WAYS = ['message', 'message, answered later', 'form', 'reply on a topic'] as const;
type Way = (typeof WAYS)[number];

/** One thing that is said, once, and what answered it. */
interface Said {
  readonly way: Way;
  readonly name: string;
  answer?: string;
}

/** Each stay is one need; whoever hears of it hears of it once. */
const TOLD: Told = { [SOLNA]: ['INS'] };

/**
 * Requests under a storm, as their senders make them: the same one again until it is answered. What is answered once is
 * answered alike for ever, and is there.
 */
export class FormLoad {
  readonly said: Said[] = [];
  unanswered = 0;
  readonly #hub: TestHub;
  readonly #name: string;
  readonly #kafka: Kafka;
  #stopping = false;
  #work: Promise<unknown> | undefined;

  constructor(hub: TestHub, name: string) {
    this.#hub = hub;
    this.#name = name;
    this.#kafka = new Kafka({ brokers: [...hub.brokers], clientId: name, logLevel: logLevel.NOTHING });
  }

  start(paceMillis: number): void {
    this.#work = Promise.all(WAYS.map((way) => this.#sayAgainAndAgain(way, paceMillis)));
  }

  /** Nothing new is said; resolves when all is answered. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#work;
  }

  /** What the storm did to what was answered, in words; to be asked when the hub has settled. */
  async harm(outcome: Outcome): Promise<string[]> {
    const notices = Map.groupBy(outcome.notices, ({ stayId }) => stayId);
    const inbound = outcome.on(this.#hub.topics.inbound).map(({ value }) => value.toString());
    const harm: string[] = [];
    for (const one of this.said) {
      const { way, name, answer } = one;
      const records = inbound.filter((value) => value.includes(name)).length;
      if (records !== 1) harm.push(`${name} lies ${records} times on inbound, by ${way}`);
      if (way === 'reply on a topic') continue;
      const again = await this.#ask(one);
      if (again !== answer) harm.push(`${name} was answered otherwise the second time`);
      const told = byParty(notices.get(this.#hub.stayId('KS', name)) ?? []);
      if (!isDeepStrictEqual(told, TOLD)) harm.push(`${name} was told as ${JSON.stringify(told)}`);
    }
    return harm;
  }

  async #sayAgainAndAgain(way: Way, paceMillis: number): Promise<void> {
    while (!this.#stopping) {
      // The last letter keeps one name from being the beginning of another.
      const one: Said = { way, name: `${this.#name}-${WAYS.indexOf(way)}-${this.said.length}e` };
      this.said.push(one);
      while ((one.answer = await this.#ask(one)) === undefined) await lasting(50);
      await lasting(paceMillis);
    }
  }

  /** @returns status and body; undefined where there was none, or "come again" */
  async #ask({ way, name }: Said): Promise<string | undefined> {
    try {
      if (way === 'reply on a topic') return await this.#write(name);
      const { path, type, body } = way === 'form' ? formOf(name, this.#hub.now) : messageOf(way, name, this.#hub.now);
      const response = await fetch(`${this.#hub.http}${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${this.#hub.token('sender:KS')}`,
          'content-type': type,
          'idempotency-key': name,
        },
        body: JSON.stringify(body),
      });
      const answer = `${response.status} ${await response.text()}`;
      if (response.ok) return answer;
      if (response.status !== 503) throw new TypeError(answer);
    } catch (error) {
      if (error instanceof TypeError && /^4/.test(error.message)) throw error;
    }
    this.unanswered += 1;
    return undefined;
  }

  async #write(name: string): Promise<string> {
    const producer = this.#kafka.producer();
    await producer.connect();
    const value = JSON.stringify({ code: 'QUERY', text: name, ...ABOUT });
    await producer.send({ topic: this.#hub.topics.repliesOf(SOLNA), messages: [{ value }] });
    await producer.disconnect();
    return 'written';
  }
}

const WARD = 'SE2321000016-1001';
/** Ids that the hub would have told a party. */
const ABOUT = {
  stay: '00000051-0000-8000-8000-000000000001',
  about: '000000de-0000-8000-8000-000000000001',
  sent: '2026-05-04T13:50:00+02:00',
};
const iso = (at: Instant): string => new Date(at).toISOString();

function messageOf(way: Way, name: string, now: Instant) {
  const body = wardMessage({
    ...{ id: name, code: 'NEED', sender: 'KS', visitId: name, sent: iso(now - MINUTE) },
    facts: [observation('NEED', ['SOC'], { effectiveDateTime: iso(now - 2 * MINUTE) })],
    encounter: { period: { start: iso(now - HOUR) } },
  });
  const path = `/fhir/$process-message${way === 'message' ? '' : '?async=true'}`;
  return { path, type: 'application/fhir+json', body };
}

function formOf(name: string, now: Instant) {
  const identity = { type: 'personnummer', value: '191212121212' };
  const address = { lines: ['Exempelgatan 1'], postalCode: '17101', city: 'Solna', municipality: SOLNA };
  return {
    path: '/notices',
    type: 'application/json',
    body: {
      ...{ code: 'NEED', ward: WARD, need: ['SOC'], sent: iso(now - MINUTE) },
      person: { identity, family: 'Tolvansson', given: ['Tolvan'], address },
      stay: { visitId: name, admitted: iso(now - HOUR) },
    },
  };
}
