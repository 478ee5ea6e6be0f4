import { expect, it } from '@jest/globals';
import { BodyRoom, MOST_BYTES_OF_CALLER } from './request-room.ts';

it('the room for bodies is shared: a caller that fills its own leaves that of others, and has it again', () => {
  const room = new BodyRoom();
  expect(room.take('A', MOST_BYTES_OF_CALLER)).toBe(true);
  expect(room.take('A', 1)).toBe(false);
  expect(room.take('B', MOST_BYTES_OF_CALLER)).toBe(true);
  const others = ['C', 'D', 'E', 'F', 'G', 'H', 'I'].filter((name) => room.take(name, MOST_BYTES_OF_CALLER));
  expect(others).toEqual(['C', 'D', 'E', 'F', 'G', 'H']);
  room.give('A', MOST_BYTES_OF_CALLER);
  expect(room.take('I', 1)).toBe(true);
});
