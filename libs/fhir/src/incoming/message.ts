import type { EncounterStatement, Fact, Instant, PatientStatement, StatedTime } from '#libs/domain';
import { CODE, type Element, ID, type IncomingFinding, type Report } from './element.ts';
import type { CheckedIdentities } from './identities.ts';
import type { WardKind } from './kinds.ts';

/** What every message says of itself. */
export interface IncomingHeader {
  readonly bundleId: string;
  /** MessageHeader.id: by it the acknowledgement names the message, and a repeat is known (MC-50). */
  readonly messageId: string;
  /** Code of its event. */
  readonly code: string;
  /** Bundle.timestamp: when it was sent. */
  readonly sentAt: Instant;
  /** MessageHeader.source.endpoint: who says it, for the caller to be compared with. */
  readonly endpoint: string;
  /** HSA-id of MessageHeader.sender, where it is stated. */
  readonly senderUnit?: string;
  /** What it corrects or takes back, by its own Provenance (standards 1.6). */
  readonly link?: IncomingLink;
  readonly dialect: 'bryggan' | 'medcom';
}

/** The message before it. */
export interface IncomingLink {
  readonly role: 'revision' | 'removal';
  /** MessageHeader.id of the predecessor, and where it is named. */
  readonly previous: string;
  readonly place: string;
}

/** What a ward says of a stay, in the terms of every way in. */
export interface WardWords {
  readonly from: 'ward';
  readonly kind: WardKind;
  /** Id of the visit at its sender. */
  readonly visitId: string;
  /** The one that counts first. */
  readonly identities: CheckedIdentities;
  readonly patient: Omit<PatientStatement, 'identities'>;
  readonly encounter: EncounterStatement;
  readonly facts: readonly Fact[];
  readonly course: NonNullable<WardKind['course']>;
  readonly occurred?: StatedTime;
}

/** What is said by a message that states no facts, as the JSON of schemas/forms has it. Only what the message states is there. */
export interface StatedWord {
  readonly code: string;
  readonly sent: string;
  readonly grounds?: readonly string[];
  readonly answeredBy?: string;
  readonly [key: string]: unknown;
}

/** What a party says of a stay that it was told of: the same that `POST /replies` takes; the two are one from here on. */
export interface PartyWords {
  readonly from: 'party';
  readonly answer: StatedWord & {
    /** Encounter.id and Communication.id of the notice that it answers, as the party was delivered them. */
    readonly stay: string;
    readonly about: string;
  };
}

/** What a ward says for the planning of one of its stays. */
export interface PlanningWords {
  readonly from: 'ward-planning';
  /** Id of the visit at its sender. */
  readonly visitId: string;
  readonly answer: StatedWord;
}

export interface IncomingMessage {
  readonly header: IncomingHeader;
  readonly words: WardWords | PartyWords | PlanningWords;
  readonly findings: readonly IncomingFinding[];
}

/** The resources of a message, by type and by what references to them say. */
export class Contents {
  readonly bundle: Element;
  readonly report: Report;
  readonly entries: readonly Element[];
  readonly resources: readonly Element[];
  /** Entries whose fullUrl another one has: which of the two a reference means, nobody can tell (bdl-7). */
  readonly repeated: readonly Element[];
  readonly #byReference = new Map<string, Element>();
  readonly #byType = new Map<string, Element[]>();

  constructor(bundle: Element, report: Report) {
    this.bundle = bundle;
    this.report = report;
    const entries = bundle.all('entry');
    this.entries = entries;
    this.resources = entries.map((entry) => entry.child('resource'));
    const repeated: Element[] = [];
    this.resources.forEach((resource, index) => {
      const entry = entries[index];
      const url = entry?.tokenOf('fullUrl', CODE, 'noted');
      const id = resource.tokenOf('id', ID, 'noted');
      const type = resource.tokenOf('resourceType', CODE, 'noted');
      if (url !== undefined && entry !== undefined && this.#byReference.has(url)) {
        repeated.push(entry.child('fullUrl', 'noted'));
      }
      if (url !== undefined) this.#byReference.set(url, resource);
      if (type === undefined) return;
      if (id !== undefined) this.#byReference.set(`${type}/${id}`, resource);
      const known = this.#byType.get(type);
      if (known === undefined) this.#byType.set(type, [resource]);
      else known.push(resource);
    });
    this.repeated = repeated;
  }

  /** The message's own Provenance: that of which the header is a target. The others are of the messages before (standards 1.6). */
  provenanceOf(messageId: string): Element | undefined {
    const [head] = this.resources;
    const isOwn = (target: Element) => this.at(target) === head || messageIdBehind(target) === messageId;
    return this.ofType('Provenance').find((one) => one.all('target').some(isOwn));
  }

  ofType(type: string): readonly Element[] {
    return this.#byType.get(type) ?? [];
  }

  /** The only resource of a type. Refused: none, or several. */
  only(type: string): Element | undefined {
    const [first, second] = this.ofType(type);
    if (first === undefined) this.report.refuse('fhir-missing', `Bundle.entry.resource.ofType(${type})`);
    if (second !== undefined) this.report.refuse('fhir-repeated', second.place);
    return second === undefined ? first : undefined;
  }

  /**
   * The resource that a Reference means, whichever version of it; undefined when the message does not hold it.
   * @param within the resource that the reference stands in: what it contains is meant by `#id`
   */
  at(reference: Element, within?: Element): Element | undefined {
    const written = reference.tokenOf('reference', CODE, 'noted');
    if (written === undefined) return undefined;
    if (written.startsWith('#')) {
      return within?.all('contained').find((one) => one.tokenOf('id', ID, 'noted') === written.slice(1));
    }
    const text = written.includes('/_history/') ? written.replace(/\/_history\/[^/]*$/, '') : written;
    return this.#byReference.get(text) ?? this.#byReference.get(text.split('/').slice(-2).join('/'));
  }

  /** Refuses a reference that is written and means another resource, or none. */
  mayOnlyMean(reference: Element, resource: Element | undefined): void {
    if (reference.child('reference', 'noted').isThere && this.at(reference) !== resource)
      reference.wrong('fhir-reference');
  }

  /** Refuses a reference that does not mean this resource. */
  mustMean(reference: Element, resource: Element | undefined): void {
    if (!reference.isThere) reference.wrong('fhir-missing');
    else if (resource !== undefined && this.at(reference) !== resource) reference.wrong('fhir-reference');
  }
}

/** `MessageHeader/<id>`, also below another base or as a version; a URN is the id itself. */
export function messageIdBehind(reference: Element): string | undefined {
  const text = reference.tokenOf('reference', CODE);
  const match = /(?:^|\/)MessageHeader\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/\d+)?$/.exec(text ?? '');
  return match?.[1] ?? /^urn:uuid:([0-9a-f-]{36})$/i.exec(text ?? '')?.[1];
}
