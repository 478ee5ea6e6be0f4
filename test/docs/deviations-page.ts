import { DEVIATIONS, JUDGED, NOT_JUDGED, parametersOn } from '#libs/domain';

/** `docs/deviations.md`: every code, made from the registry and its catalogue. */
export function deviationsPage(): string {
  return `# Deviations, code by code

Made from \`libs/domain/src/deviations\` by \`npm run documents\`. What they mean and where they come from is in
[the rules](rules.md), section 6.2; severity: 1 a remark, 2 minor, 3 serious, 4 grave. Every row holds from the day it names, and a
duty keeps the row under which it began. An absence is said only when the watermark has passed its deadline and a minute, and
is held as suspected while the source is silent against its habit or a message of the stay lies refused.

Without a recorded need nothing is judged but INS-11 (DEC-01). A stay that never was, and a person who has died, has none; a
withdrawn or corrected message closes a deviation with its reason and deletes nothing.

## Judged

| code | name | what shows it | due | not said, or milder | severity | by | whose | from | source |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${DEVIATIONS.flatMap(({ code, rows, party }) =>
  rows.map(({ name, severity, statute, from, source }) => {
    const { trigger, deadline, guard } = JUDGED[code];
    return row([code, name, trigger, deadline, guard, String(severity), statute, party, from, source]);
  }),
).join('\n')}

## Not judged

\`prevented\`: the hub is made so that it cannot come about. \`unjudged\`: the evidence is not in the hub. \`by-people\`: a person
reports it. \`waiting\`: comes with what it is part of.

| code | name | severity | state | why |
| --- | --- | --- | --- | --- |
${NOT_JUDGED.map(({ code, name, severity, state, because }) => row([code, name, String(severity), state, because])).join('\n')}

The numbers behind the deadlines are rows of \`libs/domain/src/rules/parameters.ts\` (${parametersOn('2026-01-01').source}).
`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
