import type { EndCause, FactCode, NoticeKind, Withheld } from '#libs/domain';

const ENDED: Readonly<Record<EndCause, string>> = {
  cancelled: 'Återtaget: vårdtillfället makulerades.',
  deceased: 'Återtaget: patienten har avlidit.',
  'deceased-later': 'Återtaget: patienten har avlidit i det vårdtillfälle som fortsätter detta.',
  'no-need': 'Återtaget: behovet gäller inte längre.',
  'no-need-later': 'Återtaget: avdelningen som fortsätter vårdtillfället anger att inget behov finns.',
  'other-person': 'Återtaget: vårdtillfället avser en annan person.',
  'other-recipient': 'Återtaget: en annan mottagare gäller.',
  'not-so-any-more': 'Återtaget: uppgiften gäller inte längre.',
};
const REORDERED = 'Återtaget: ett sent meddelande ändrade vad som gällde.';

/** Why a notice was taken back, in Swedish; without a cause its act is none any more. */
export function withdrawnText(cause: EndCause | undefined): string {
  return cause ? ENDED[cause] : REORDERED;
}

/** Why a notice that is due was not told, in Swedish. */
export function withheldText(kind: NoticeKind, recipient: string, because: Withheld['because']): string {
  return because === 'refused'
    ? `${kind} till ${recipient} hålls inne: samtycke är nekat och ingen annan grund är angiven.`
    : `${kind} till ${recipient} hålls inne: ingen grund är angiven.`;
}

/** A correction that finds no fact to correct (DEC-19), in Swedish. */
export function foundText(code: FactCode): string {
  return `Rättelsen av ${code} träffar ingen uppgift: omfattningen är en annan än den som angavs.`;
}
