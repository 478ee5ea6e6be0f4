import { expect, it } from '@jest/globals';
import { OpenConnections, type OpenConnection } from './open-connections.ts';

class Fake implements OpenConnection {
  readonly name: string;
  readonly recognised: boolean;
  readonly heardAt: number;
  readonly frameSince: number | undefined;
  tell: (change: number) => void = () => undefined;
  gatheredBytes: number;

  constructor(name: string, recognised: boolean, heardAt: number, frameSince?: number, gathered = 0) {
    this.name = name;
    this.recognised = recognised;
    this.heardAt = heardAt;
    this.frameSince = frameSince;
    this.gatheredBytes = gathered;
  }

  destroy(): void {
    const change = -this.gatheredBytes;
    this.gatheredBytes = 0;
    this.tell(change);
  }
}

function opened(most: number, mostGatheredBytes: number, ...fakes: Fake[]) {
  const told: string[] = [];
  const connections = new OpenConnections<Fake>({ most, mostGatheredBytes, onEnded: (kind) => told.push(kind) });
  for (const fake of fakes) {
    fake.tell = (change) => connections.gathered(change);
    connections.add(fake);
  }
  return { connections, told, left: () => [...connections].map(({ name }) => name) };
}

it('makes room for a newcomer at the cost of the stranger that has been silent longest', () => {
  const { connections, told, left } = opened(
    4,
    1e6,
    ...[new Fake('sender', true, 1), new Fake('new', false, 9), new Fake('old', false, 2), new Fake('other', true, 3)],
  );
  expect(connections.makeRoom()).toBe(true);
  expect([left(), told]).toEqual([['sender', 'new', 'other'], ['too-many']]);
});

it('turns a newcomer away when all are senders', () => {
  const { connections, told, left } = opened(2, 1e6, new Fake('a', true, 1), new Fake('b', true, 2));
  expect(connections.makeRoom()).toBe(false);
  expect([left(), told]).toEqual([['a', 'b'], ['too-many']]);
});

it('has room below the limit', () => {
  const { connections, told } = opened(2, 1e6, new Fake('a', false, 1));
  expect([connections.makeRoom(), told]).toEqual([true, []]);
});

it('bounds gathered bytes: strangers first, the frame that began first, no more than needed', () => {
  const { connections, told, left } = opened(
    10,
    250,
    ...[
      new Fake('sender', true, 1, 1, 100),
      new Fake('third', false, 1, 4, 100),
      new Fake('first', false, 1, 2, 100),
      new Fake('second', false, 1, 3, 100),
      new Fake('between frames', false, 1, undefined, 0),
    ],
  );
  connections.gathered(400);
  expect([left(), told]).toEqual([
    ['sender', 'third', 'between frames'],
    ['gathered', 'gathered'],
  ]);
});

it('bounds senders too when there is nobody else', () => {
  const { connections, left } = opened(10, 150, new Fake('a', true, 1, 5, 100), new Fake('b', true, 1, 2, 100));
  connections.gathered(200);
  expect(left()).toEqual(['a']);
});
