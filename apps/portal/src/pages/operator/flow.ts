/** A step of a message's way through the hub, and what waits before it. */
interface FlowStep {
  readonly stage: string;
  /** Records that it has not applied; absent while that cannot be asked for. */
  readonly waiting?: number;
  /** Records that it has set aside, because they could not be read. */
  readonly setAside: number;
  /** Rows of its outbox that can never be sent. */
  readonly stuck: number;
}

/** The flow of messages as the hub's metrics tell it. */
export interface Flow {
  readonly steps: readonly FlowStep[];
  /** Up to when every absence has been judged, in seconds since 1970; absent before the watcher has said so. */
  readonly judgedUntil?: number;
}

/** In the order in which a message passes them. */
const WAY = ['translator', 'router', 'dispatcher', 'watcher', 'portal-party', 'portal-hub'];

const LINE = /^bryggan_(\w+?)(?:\{([^}]*)\})? (-?[\d.e+]+)$/;
const LABEL = /(\w+)="([^"]*)"/g;

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads the text of `/metrics` (Prometheus' format), as far as it is of the flow. A step that nobody speaks of is not there. */
export function flowIn(metrics: string): Flow {
  const samples = metrics.split('\n').flatMap((line): Sample[] => {
    const [, name, labels = '', value] = LINE.exec(line) ?? [];
    if (name === undefined) return [];
    return [{ name, labels: labelsIn(labels), value: Number(value) }];
  });
  const of = (name: string): Sample[] => samples.filter((sample) => sample.name === name);
  const sum = (name: string, stage: string): number =>
    of(name).reduce((all, { labels, value }) => (labels['stage'] === stage ? all + value : all), 0);
  const backlog = new Map(of('stage_backlog').map(({ labels, value }) => [labels['stage'] ?? '', value]));
  const spoken = new Set([...backlog.keys(), ...of('stage_batches_total').map(({ labels }) => labels['stage'] ?? '')]);
  const others = [...spoken].filter((stage) => !WAY.includes(stage) && backlog.has(stage));
  const [watermark] = of('watcher_watermark_seconds');
  return {
    steps: [...WAY.filter((stage) => spoken.has(stage)), ...others.sort()].map((stage) => {
      const waiting = backlog.get(stage);
      const counts = { setAside: sum('set_aside_total', stage), stuck: sum('outbox_stuck_total', stage) };
      return { stage, ...counts, ...(waiting !== undefined && { waiting }) };
    }),
    ...(watermark && watermark.value > 0 && { judgedUntil: watermark.value }),
  };
}

function labelsIn(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(LABEL)].map(([, name = '', value = '']) => [name, value]));
}
