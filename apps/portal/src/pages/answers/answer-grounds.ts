import { GROUND_ROWS, type Ground, type LegalForm } from '#libs/domain';
import type { Option } from '../layout/form-parts.tsx';

/** Grounds as the one who states them knows them (rules 8.2, 12.3). */
const WORDS: Partial<Readonly<Record<Ground, string>>> = {
  CONSENT: 'Den enskilde samtycker',
  MENPROVNING: 'Menprövning: uppgiften kan lämnas utan men',
  CANNOT_CONSENT: 'Kan inte samtycka (OSL 25 kap. 13 §)',
  CHILD_OR_ABUSE_OR_COMPULSORY: 'Barn, beroende eller tvångsvård, till en myndighet (OSL 25 kap. 12 §)',
  PRIVATE_PROVIDER: 'Privat vårdgivare (PSL 6 kap. 12 §)',
};

/**
 * The grounds that one may state for telling more than the law says by itself. What follows from the legal forms alone is not
 * stated, and is not among them.
 * @param date local day
 */
export function statableGrounds(legalForms: readonly LegalForm[], date: string): Option[] {
  const rows = GROUND_ROWS.filter(
    (row) =>
      row.holds !== 'follows' &&
      row.validFrom <= date &&
      date <= (row.validTo ?? date) &&
      legalForms.some((form) => row.from.includes(form)),
  );
  const grounds = new Set(rows.map(({ ground }) => ground));
  return Object.entries(WORDS).filter(([ground]) => grounds.has(ground as Ground));
}
