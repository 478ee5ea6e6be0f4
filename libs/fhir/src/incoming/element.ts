import { isYearOfCare, statedTime, type Instant, type StatedTime } from '#libs/domain';
import type { FindingGrade } from '#libs/domain';

/** What can be wrong with a message that comes in: a name of the table of errors. */
export type IncomingRule =
  | 'fhir-not-message'
  | 'fhir-too-many-entries'
  | 'fhir-event-unknown'
  | 'fhir-missing'
  | 'fhir-repeated'
  | 'fhir-value'
  | 'fhir-code'
  | 'fhir-reference'
  | 'fhir-correction'
  | 'fhir-danish-only'
  | 'time-in-gap'
  | 'time-in-overlap'
  | 'control-characters'
  | 'fact-after-message'
  | 'admission-after-message'
  | 'discharge-after-message'
  | 'event-after-message'
  | 'need-and-none'
  | 'contradicting-facts'
  | 'implausible-order'
  | 'bad-hsa-id'
  | 'no-patient-identity'
  | 'wrong-check-digit'
  | 'bad-identity'
  | 'ambiguous-century'
  | 'identities-differ'
  | 'more-identities'
  | 'kind-not-theirs'
  | 'sender-not-caller';

/** One thing that is wrong, and where: a FHIRPath from the Bundle, never a value. */
export interface IncomingFault {
  readonly rule: IncomingRule;
  readonly place: string;
}

/** As {@link IncomingFault}, in a message that is taken all the same (SAL-2 to SAL-4). */
export interface IncomingFinding extends IncomingFault {
  readonly grade: FindingGrade;
}

const MOST = 100;

/** All that is wrong with one message, each thing once, so that its sender is told all of it at once. */
export class Report {
  readonly faults: IncomingFault[] = [];
  readonly findings: IncomingFinding[] = [];

  /** The message cannot be taken. */
  refuse(rule: IncomingRule, place: string): void {
    note(this.faults, { rule, place });
  }

  /** It is taken, and this stands on its event. */
  find(grade: FindingGrade, rule: IncomingRule, place: string): void {
    note(this.findings, { grade, rule, place });
  }
}

function note<T extends IncomingFault>(noted: T[], one: T): void {
  const isKnown = noted.some(({ rule, place }) => rule === one.rule && place === one.place);
  if (!isKnown && noted.length < MOST) noted.push(one);
}

/** A time, and the text that names it. */
export interface WrittenTime {
  readonly time: StatedTime;
  readonly written: string;
}

/** What is done about an element that cannot be read: the message is refused, or the element counts as unstated. */
export type Care = 'refuse' | FindingGrade;

/** No control character but a tab and a line's end is ever stored (SAL-4). */
const CONTROLS = /(?![\t\r\n])\p{Cc}/gu;
const CONTROL = /\p{Cc}/u;

/**
 * An element of a resource that anybody may have written: what stands there, and where. Reading what is not there gives
 * undefined; what has another form than FHIR gives it is told, and is undefined too.
 */
export class Element {
  readonly #value: unknown;
  /** A child's name, the number of a repetition, or words of our own (`extension('...')`); of the first of all its name. */
  readonly #step: string | number;
  readonly #within: Element | undefined;
  readonly #report: Report;
  readonly #care: Care;

  constructor(value: unknown, step: string | number, report: Report, care: Care, within?: Element) {
    this.#value = value;
    this.#step = step;
    this.#report = report;
    this.#care = care;
    this.#within = within;
  }

  /** Where it stands: a FHIRPath from the Bundle. Put together only when it is asked for, for nearly every element is right. */
  get place(): string {
    const step = this.#step;
    if (this.#within === undefined) return String(step);
    return typeof step === 'number' ? `${this.#within.place}[${step}]` : `${this.#within.place}.${step}`;
  }

  get isThere(): boolean {
    return this.#value !== undefined && this.#value !== null;
  }

  /** The same element, with more or less at stake. */
  with(care: Care): Element {
    return care === this.#care ? this : new Element(this.#value, this.#step, this.#report, care, this.#within);
  }

  /** Tells what is wrong here, at the stake of this element. */
  wrong(rule: IncomingRule): void {
    if (this.#care === 'refuse') this.#report.refuse(rule, this.place);
    else this.#report.find(this.#care, rule, this.place);
  }

  /** What was read of this element; that nothing could be is told. */
  orWrong<T>(value: T | undefined, rule: IncomingRule): T | undefined {
    if (value === undefined) this.wrong(rule);
    return value;
  }

  /** This element if it is there. That it is not is told, but where what it would stand in has been told to hold nothing. */
  required(): this | undefined {
    if (this.isThere) return this;
    if (this.#within === undefined || this.#within.#mayHold) this.wrong('fhir-missing');
    return undefined;
  }

  /** Something to know about what is read all the same. */
  flag(rule: IncomingRule): void {
    this.#report.find('flagged', rule, this.place);
  }

  /** @param care at stake there, where it is not what is at stake here */
  child(name: string, care: Care = this.#care): Element {
    return new Element(this.#member(name), name, this.#report, care, this);
  }

  /** As `child(name).isThere`. */
  has(name: string): boolean {
    const value = this.#member(name);
    return value !== undefined && value !== null;
  }

  /** As `child(name, care).token(form)`. Nearly every child is right, and no element is made of one that is. */
  tokenOf(name: string, form: RegExp, care: Care = this.#care): string | undefined {
    const value = this.#member(name);
    if (typeof value === 'string' && form.test(value)) return value;
    return value === undefined ? undefined : this.child(name, care).token(form);
  }

  /** As `child(name, care).text()`, as `tokenOf`. */
  textOf(name: string, care: Care = this.#care): string | undefined {
    const value = this.#member(name);
    if (typeof value === 'string' && value !== '' && value === value.trim() && !CONTROL.test(value)) return value;
    return value === undefined ? undefined : this.child(name, care).text();
  }

  /** The repetitions of a child; one that FHIR lets repeat is a list. */
  all(name: string): Element[] {
    const value = this.#member(name);
    if (value === undefined || value === null) return [];
    const list = this.#inside(value, name);
    if (Array.isArray(value)) return value.map((one: unknown, index) => list.#inside(one, index));
    list.wrong('fhir-value');
    return [];
  }

  /** The first repetition of a child, or nothing at the place where it would be. */
  first(name: string): Element {
    const value = this.#member(name);
    if (Array.isArray(value) && value.length > 0) return this.#inside(value, name).#inside(value[0], 0);
    return this.all(name)[0] ?? this.#inside(undefined, `${name}[0]`);
  }

  /** The extension of an address, or nothing at the place where it would be. */
  extension(url: string): Element {
    return this.extensions(url)[0] ?? this.#inside(undefined, `extension('${url}')`);
  }

  extensions(url: string): Element[] {
    const value = this.#member('extension');
    // Most elements have no extension of an address, and none is made for nothing.
    if (Array.isArray(value) && !value.some((one) => memberOf(one, 'url') === url)) return [];
    return this.all('extension').filter((one) => one.#member('url') === url);
  }

  /** True when the resource is of this type. */
  isOf(type: string): boolean {
    return this.#member('resourceType') === type;
  }

  /** A text that says something. */
  text(): string | undefined {
    if (!this.isThere) return undefined;
    const written = typeof this.#value === 'string' ? this.#value.trim() : '';
    const text = written.replaceAll(CONTROLS, ' ').trim();
    if (text !== written) this.flag('control-characters');
    return this.orWrong(text === '' ? undefined : text, 'fhir-value');
  }

  /** A text of a given form: a code, an id. */
  token(form: RegExp): string | undefined {
    if (!this.isThere) return undefined;
    const isRight = typeof this.#value === 'string' && form.test(this.#value);
    return this.orWrong(isRight ? this.#value : undefined, 'fhir-value');
  }

  yes(): boolean | undefined {
    if (!this.isThere) return undefined;
    return this.orWrong(typeof this.#value === 'boolean' ? this.#value : undefined, 'fhir-value');
  }

  /** A dateTime: the interval that it names, and the text by which it was named. */
  time(): WrittenTime | undefined {
    if (!this.isThere) return undefined;
    const written = typeof this.#value === 'string' ? this.#value : '';
    const time = readDateTime(written);
    return this.orWrong(time && { time, written }, 'fhir-value');
  }

  /** An instant: a dateTime to the second at least. */
  instant(): Instant | undefined {
    const time = this.time()?.time;
    if (time === undefined) return undefined;
    const isPrecise = time.precision === 'second' || time.precision === 'milli';
    return this.orWrong(isPrecise ? time.start : undefined, 'fhir-value');
  }

  /** The codes of one system in a CodeableConcept. */
  codes(system: string): string[] {
    const codings = this.#member('coding');
    if (!Array.isArray(codings)) {
      // Told, if it is there.
      this.all('coding');
      return [];
    }
    const list = this.#inside(codings, 'coding');
    return codings.flatMap((coding: unknown, at) => {
      if (memberOf(coding, 'system') !== system) return [];
      return list.#inside(coding, at).tokenOf('code', CODE) ?? [];
    });
  }

  /**
   * What stands in a member of this name. An array and a plain value have none, and that one stands where an object should is told:
   * a class that another version of FHIR has as a list would be no class, and nobody would know why nobody is told.
   */
  #member(name: string): unknown {
    if (!this.#mayHold) this.wrong('fhir-value');
    return memberOf(this.#value, name);
  }

  get #mayHold(): boolean {
    return !this.isThere || (typeof this.#value === 'object' && !Array.isArray(this.#value));
  }

  #inside(value: unknown, step: string | number): Element {
    return new Element(value, step, this.#report, this.#care, this);
  }
}

/** JSON holds no functions: one is inherited of the language, and no member. To ask for the member itself first costs more. */
function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const member = (value as Readonly<Record<string, unknown>>)[name];
  return typeof member === 'function' ? undefined : member;
}

export const CODE = /^[^\s\p{Cc}]+(?: [^\s\p{Cc}]+)*$/u;
export const ID = /^[A-Za-z0-9\-.]{1,64}$/;

const DATE_TIME = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d))?)?)?$/;

/** R4's dateTime (2.24.0.1): a time of day has seconds and an offset. Undefined for what is none, or no day of the calendar. */
function readDateTime(text: string): StatedTime | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const year = Number(match[1]);
  const [month, day, hour, minute, second] = [at(match, 2), at(match, 3), at(match, 4), at(match, 5), at(match, 6)];
  const last = new Date(Date.UTC(year, month ?? 1, 0)).getUTCDate();
  const isDay = (month ?? 1) >= 1 && (month ?? 1) <= 12 && (day ?? 1) >= 1 && (day ?? 1) <= last;
  const offsetMinutes = offsetIn(match[8]);
  const isTime = (hour ?? 0) < 24 && (minute ?? 0) < 60 && (second ?? 0) < 60 && Math.abs(offsetMinutes ?? 0) <= 840;
  if (!isYearOfCare(year) || !isDay || !isTime) return undefined;
  const millis = match[7] === undefined ? undefined : Number(match[7].slice(0, 3).padEnd(3, '0'));
  const time = statedTime({ year, month, day, hour, minute, second, millis, offsetMinutes });
  return typeof time === 'object' ? time : undefined;
}

function at(match: RegExpExecArray, group: number): number | undefined {
  const digits = match[group];
  return digits === undefined ? undefined : Number(digits);
}

function offsetIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (text === 'Z') return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(4, 6));
  return text.startsWith('-') ? -minutes : minutes;
}
