import {
  AggregatorRegistry,
  collectDefaultMetrics,
  Counter,
  Gauge,
  Histogram,
  Registry,
  type MetricObjectWithValues,
  type MetricValue,
} from 'prom-client';

/** The only labels there are: none of them can hold anything of a patient. `sender`, `ward` and `party` are ids of agreements, wards and parties. */
export type MetricLabel =
  | 'stage'
  | 'topic'
  | 'party'
  | 'sender'
  | 'ward'
  | 'kind'
  | 'code'
  | 'grade'
  | 'outcome'
  | 'trigger'
  | 'partition'
  | 'lane'
  | 'status'
  | 'method';

/** What a registry of another thread holds, in a form that can be sent. */
export type MetricsSnapshot = readonly MetricObjectWithValues<MetricValue<string>>[];

/** The metrics of one process, in a registry of its own: two hubs in one test process do not share them. */
export class Metrics {
  readonly registry = new Registry();
  readonly #sources: (() => Promise<MetricsSnapshot>)[] = [];

  /** `ofProcess` adds memory, event loop and garbage collection. */
  constructor({ ofProcess = false }: { readonly ofProcess?: boolean } = {}) {
    if (ofProcess) collectDefaultMetrics({ register: this.registry });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** A counter `bryggan_<name>`; asked for again it is the same one. */
  counter<L extends MetricLabel>(name: string, help: string, labels: readonly L[] = []): Counter<L> {
    const known = this.#known(name, Counter<L>);
    return known ?? new Counter({ ...this.#options(name, help), labelNames: [...labels] });
  }

  /** A gauge `bryggan_<name>`; asked for again it is the same one. `collect` sets it each time that it is read. */
  gauge<L extends MetricLabel>(
    name: string,
    help: string,
    labels: readonly L[] = [],
    collect?: (this: Gauge<L>) => Promise<void>,
  ): Gauge<L> {
    const known = this.#known(name, Gauge<L>);
    return (
      known ??
      new Gauge({ ...this.#options(name, help), labelNames: [...labels], ...(collect !== undefined && { collect }) })
    );
  }

  /** A histogram `bryggan_<name>` with upper bounds; asked for again it is the same one. Seconds for times (Prometheus). */
  histogram<L extends MetricLabel>(
    name: string,
    help: string,
    buckets: readonly number[],
    labels: readonly L[] = [],
  ): Histogram<L> {
    const known = this.#known(name, Histogram<L>);
    return known ?? new Histogram({ ...this.#options(name, help), buckets: [...buckets], labelNames: [...labels] });
  }

  /** What another thread of this process counts is told along. In: what asks it. */
  alsoFrom(source: () => Promise<MetricsSnapshot>): void {
    this.#sources.push(source);
  }

  snapshot(): Promise<MetricsSnapshot> {
    return this.registry.getMetricsAsJSON();
  }

  /** All of it in Prometheus's text form. */
  async text(): Promise<string> {
    const others = await Promise.all(this.#sources.map((source) => source()));
    if (others.length === 0) return this.registry.metrics();
    const own = await this.snapshot();
    // Adding up is right for what several threads count; of the rest each has its own.
    const all = [own, ...others].map((metrics) => metrics.map((metric) => ({ ...metric, aggregator: 'sum' })));
    return AggregatorRegistry.aggregate(all).metrics();
  }

  #options(name: string, help: string): { name: string; help: string; registers: Registry[] } {
    return { name: `bryggan_${name}`, help, registers: [this.registry] };
  }

  #known<M>(name: string, kind: new (...options: never[]) => M): M | undefined {
    const metric: unknown = this.registry.getSingleMetric(`bryggan_${name}`);
    if (metric === undefined) return undefined;
    if (!(metric instanceof kind)) throw new Error(`Metric ${name} is of another kind`);
    return metric;
  }
}
