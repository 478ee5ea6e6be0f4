import type { Page } from 'playwright-core';
import { freePort } from '../../deploy/embedded/port.ts';
import { startTestHub, type TestHub, type TestHubOptions } from '../hub/test-hub.ts';
import { People } from './people.ts';

/** Somebody with one assignment. @param unit name of the caller that the assignment's unit is */
interface AtWork {
  readonly name: string;
  readonly unit: string;
  readonly title: string;
}

/** A whole hub and people who sign in at it: started and stopped as one. */
export class SignedInHub {
  readonly hub: TestHub;
  readonly #people: People;

  private constructor(hub: TestHub, people: People) {
    this.hub = hub;
    this.#people = people;
  }

  static async start(name: string, atWork: readonly AtWork[], options: TestHubOptions): Promise<SignedInHub> {
    const httpPort = await freePort();
    const persons = atWork.map(({ name: of, unit, title }, index) => {
      return { id: `p${index}`, name: of, role: '', assignments: [{ id: 'a', unit, title }] };
    });
    const people = await People.start(persons, `http://127.0.0.1:${httpPort}`);
    const { issuer, clientId, clientSecret } = people.openId;
    const settings = {
      BRYGGAN_OPENID_ISSUER: issuer,
      BRYGGAN_OPENID_CLIENT_ID: clientId,
      BRYGGAN_OPENID_CLIENT_SECRET: clientSecret,
    };
    const hub = await startTestHub(name, { ...options, httpPort, settings: { ...settings, ...options.settings } });
    return new SignedInHub(hub, people);
  }

  async dispose(): Promise<void> {
    await this.hub.dispose();
    await this.#people.stop();
  }

  /** A page of somebody who is signed in; without JavaScript where it is said. */
  async as(name: string, path: string, javaScriptEnabled = true): Promise<Page> {
    return (await this.#people.open(name, path, { javaScriptEnabled })).page;
  }

  /** @see People.faultsOn */
  faultsOn(page: Page): Promise<string[]> {
    return this.#people.faultsOn(page);
  }
}
