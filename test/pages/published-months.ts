import pg from 'pg';
import { monthTable, type CountedStay, type PublishedMonth, type StayProfile } from '#libs/domain';
import { HOSPITALS } from '../../apps/simulator/src/county/hospitals.ts';
import { drawn } from '../hub/random.ts';
import type { TestHub } from '../hub/test-hub.ts';

/** Thirteen months of stays as the rules would count them, put where the watcher keeps the months that it has published. */
export async function publishMonths(hub: TestHub): Promise<void> {
  const draw = drawn(13);
  const units = ['A', 'B', 'C', 'D', 'E', 'F'].map((one) => `SE2321000016-EX-${one}`);
  const organisations = Object.values(HOSPITALS).map(({ organisation }) => organisation);
  const municipalities = ['0180', '0184', '0183', '0126', '0127', '0136', '0182', '0186', '0188'];
  const boards = ['jarva', 'farsta', 'sodermalm', 'bromma'].map((board) => `0180-${board}`);
  const codes = ['INS-01', 'INS-03', 'INS-05', 'UTK-01', 'UTS-01', 'UTS-02', 'FVK-01'];
  const client = new pg.Client(hub.databaseUrl);
  await client.connect();
  for (let index = 0; index < 13; index++) {
    const month = new Date(Date.UTC(2025, 3 + index, 1)).toISOString().slice(0, 7);
    const stays = Array.from({ length: 1400 }, (): CountedStay => {
      const all = [...organisations, ...units];
      const at = Math.floor(draw() * all.length);
      const municipality = municipalities[Math.floor(draw() ** 1.6 * municipalities.length)] ?? '0180';
      const need = draw() < 0.6 ? 'stated' : draw() < 0.5 ? 'none' : 'not-stated';
      const profile: StayProfile = {
        ...{ organisation: all[at]!, unit: all[at]!, hospitalKind: at % 5 === 4 ? 'private' : 'region' },
        ...{ careType: 'SOM', municipality, municipalityKind: municipality < '0183' ? 'large' : 'other' },
        ...(municipality === '0180' && { board: boards[Math.floor(draw() * boards.length)]! }),
        ...{ sex: draw() < 0.5 ? 'female' : 'male', age: draw() < 0.6 ? '80+' : '65-79' },
        ...{ need, isCounted: true, month },
        ...(need === 'stated' && draw() < 0.5 && { call: draw() < 0.7 ? 'called' : 'not-called' }),
      };
      // One unit has twice as much amiss as the others, and one grows better from month to month.
      const rate = at === 2 ? 0.16 : at === 3 ? 0.14 - index * 0.008 : 0.07;
      // Whom nobody called is one who lacks the call, and has its code.
      const drawnCodes = codes.filter((_, code) => draw() < rate / (1 + code / 3));
      return { profile, codes: profile.call === 'not-called' ? [...drawnCodes, 'SIP-01'] : drawnCodes };
    });
    const publishedAt = `${month}-28T08:00:00.000Z`;
    const body = { month, publishedAt, threshold: 5, ...monthTable(stays, 5) } satisfies PublishedMonth;
    await client.query(
      'insert into watcher.feed_month (month, published_at, body, counted) values ($1, $2, $3, $4) on conflict do nothing',
      [month, Date.parse(publishedAt), JSON.stringify(body), '{}'],
    );
  }
  await client.end();
}
