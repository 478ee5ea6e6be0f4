import { describe, expect, it } from '@jest/globals';
import { IdMaker } from '#libs/platform';
import { SenderFinder } from './apply-deliveries.ts';

const ids = new IdMaker(Buffer.from('a secret for the tests alone'));
const finder = new SenderFinder(ids, () => ['KS', 'DS', 'OS']);

describe('the sender behind a reply address', () => {
  it.each(['KS', 'DS', 'OS'])('%s', (sender) => {
    expect(finder.senderOf(ids.replyAddress(sender, 'stay'), 'stay')).toBe(sender);
    expect(finder.senderOf(ids.replyAddress(sender, 'stay'), 'stay')).toBe(sender);
  });
  it('nobody for an address of another stay or of no agreement of the county', () => {
    expect(finder.senderOf(ids.replyAddress('KS', 'other'), 'stay')).toBeUndefined();
    expect(finder.senderOf(ids.replyAddress('XX', 'stay'), 'stay')).toBeUndefined();
  });
  it('finds more stays than it remembers', () => {
    for (let n = 0; n < 10_050; n++) finder.senderOf(ids.replyAddress('KS', `${n}`), `${n}`);
    expect(finder.senderOf(ids.replyAddress('DS', 'stay'), 'stay')).toBe('DS');
  });
});
