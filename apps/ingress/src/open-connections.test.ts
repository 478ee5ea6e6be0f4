import { describe, expect, it } from '@jest/globals';
import { OpenConnections, type OpenConnection } from './open-connections.ts';

const HERE = '192.0.2.1';

class Fake implements OpenConnection {
  readonly name: string;
  readonly recognised: boolean;
  readonly heardAt: number;
  readonly frameSince: number | undefined;
  tell: (change: number) => void = () => undefined;
  address = HERE;
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
  const connections = new OpenConnections<Fake>({
    ...{ most, mostOfAddress: 5, mostGatheredBytes },
    onEnded: (kind) => told.push(kind),
  });
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
  expect(connections.makeRoom(HERE)).toBe(true);
  expect([left(), told]).toEqual([['sender', 'new', 'other'], ['too-many']]);
});

it('turns a newcomer away when all are senders', () => {
  const { connections, told, left } = opened(2, 1e6, new Fake('a', true, 1), new Fake('b', true, 2));
  expect(connections.makeRoom(HERE)).toBe(false);
  expect([left(), told]).toEqual([['a', 'b'], ['too-many']]);
});

it('has room below the limit', () => {
  const { connections, told } = opened(2, 1e6, new Fake('a', false, 1));
  expect([connections.makeRoom(HERE), told]).toEqual([true, []]);
});

describe('beyond the limit of an address', () => {
  const LONG_AGO = -1e6;
  const other = new Fake('of another address', false, LONG_AGO);
  other.address = '192.0.2.2';
  const five = (heardAt: number) => [1, 2, 3, 4, 5].map((n) => new Fake(`mine ${n}`, n === 1, heardAt + n));

  it('its own stranger that has long been silent makes room, and none of another address', () => {
    const { connections, told, left } = opened(100, 1e6, other, ...five(LONG_AGO));
    expect(connections.makeRoom(other.address)).toBe(true);
    expect([connections.makeRoom(HERE), told]).toEqual([true, ['too-many-of-address']]);
    expect(left()).toEqual(['of another address', 'mine 1', 'mine 3', 'mine 4', 'mine 5']);
  });

  it('the newcomer is turned away while all of them are at work', () => {
    const { connections, told, left } = opened(100, 1e6, other, ...five(performance.now()));
    expect(connections.makeRoom(HERE)).toBe(false);
    expect([told, left().length]).toEqual([['too-many-of-address'], 6]);
  });
});

it('turns an address away that opens and closes connections, and no sender that does so with each message', () => {
  const { connections } = opened(100, 1e6);
  const turns = (recognised: boolean) =>
    Array.from({ length: 200 }, (_, n) => {
      const made = connections.makeRoom(HERE);
      const fake = new Fake(`${n}`, recognised, n);
      if (made) connections.add(fake);
      connections.delete(fake);
      return made;
    });
  expect(turns(true)).not.toContain(false);
  expect(turns(false)).toContain(false);
});

it('counts a connection that closed no more', () => {
  const fakes = Array.from({ length: 5 }, (_, n) => new Fake(`${n}`, true, n));
  const { connections } = opened(100, 1e6, ...fakes);
  expect(connections.makeRoom(HERE)).toBe(false);
  connections.delete(fakes[0]!);
  connections.delete(fakes[0]!);
  expect(connections.makeRoom(HERE)).toBe(true);
  connections.add(new Fake('5', true, 5));
  expect(connections.makeRoom(HERE)).toBe(false);
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
