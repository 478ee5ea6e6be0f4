import type { Reply, Said } from '../county/answering.ts';
import { text, type HubClient } from './hub-client.ts';

/**
 * The parties of a county as they answer through the hub: each by its own token, on the notice that it has in its own view.
 * @throws Error when a party has no notice to answer, or the hub does not take the answer
 */
export class PartyAnswers {
  readonly #hub: HubClient;
  /** The hub's ids of what was said, so that it can be taken back. */
  readonly #ids = new Map<Reply, string>();
  readonly #stays = new Map<string, string>();

  constructor(hub: HubClient) {
    this.#hub = hub;
  }

  /** Says one thing of the stay of a visit. */
  async say(visit: string, reply: Reply): Promise<void> {
    const { party, about = 'INS', says } = reply;
    const stay = await this.#stayOf(visit);
    // One who may not be told that the patient is ready answers on the admission notice.
    const notice = (await this.#noticeOf(party, stay, about)) ?? (await this.#noticeOf(party, stay, 'INS'));
    if (notice === undefined) throw new Error(`${party} has no notice of ${visit} to answer`);
    const form = { ...this.#formOf(says), stay, about: notice };
    const { id } = await this.#hub.reply(party, form, `${visit} ${reply.at} ${says.code}`);
    this.#ids.set(reply, text(id) ?? '');
  }

  async #stayOf(visit: string): Promise<string> {
    const known = this.#stays.get(visit);
    if (known !== undefined) return known;
    const [encounter] = await this.#hub.search('operator', 'Encounter', { identifier: visit });
    const stay = text(encounter?.['id']);
    if (stay === undefined) throw new Error(`the operator is shown no Encounter of ${visit}, of which a party answers`);
    this.#stays.set(visit, stay);
    return stay;
  }

  async #noticeOf(party: string, stay: string, category: string): Promise<string | undefined> {
    const found = await this.#hub.search(party, 'Communication', { encounter: stay, category });
    // Of one who has died the notice was taken back, and may be answered all the same.
    return text((found.find(({ status }) => status === 'completed') ?? found[0])?.['id']);
  }

  #formOf(says: Said): object {
    // What is told on to others needs a ground of the party's own; that the region's units are one needs no word.
    const grounds = ['CONSENT'];
    switch (says.code) {
      case 'RET':
        return { code: 'RET', reason: 'NOT-REGISTERED-HERE' };
      case 'FVK':
        return { code: 'FVK', confirmed: false, contact: { name: 'Sjuksköterska Exempel' } };
      case 'OBSTACLE':
        return { code: 'OBSTACLE', exists: says.exists, grounds };
      case 'FOUND':
        return { code: 'FOUND', where: 'home', grounds };
      case 'SIP-CALL':
        return { code: 'SIP-CALL', invited: says.invited, grounds };
      case 'SIP-DECLINED':
        return { code: 'SIP-DECLINED', by: 'PERSON', grounds };
      case 'SIP-PLAN':
        return { ...says, state: 'made', grounds };
      case 'UNDONE':
        return { code: says.of.says.code, withdraws: this.#ids.get(says.of) };
      default:
        return { code: says.code };
    }
  }
}
