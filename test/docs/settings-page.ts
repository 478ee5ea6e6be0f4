import { environmentProblems, SETTING_PURPOSES } from '#libs/platform';

/** Every key that a reading of the configuration asks for, also one that it reads only beside another. */
export function settingsAsked(): readonly string[] {
  const asked = new Set<string>();
  const environment = new Proxy<NodeJS.ProcessEnv>(
    {},
    {
      get: (_, key) => {
        if (typeof key === 'string') asked.add(key);
        return undefined;
      },
    },
  );
  environmentProblems(environment);
  return [...asked].sort();
}

/** What the check of a setting says to a value that is never right, in English. */
function ruleOf(key: string): string {
  // Embedded, so that no setting is missing and the one line is about this one.
  const [said = ''] = environmentProblems({ [key]: '\u0001' }, { embedded: true });
  return said.split(' | ').at(-1) ?? '';
}

const HEAD = `# Settings

Made from the code by \`npm run documents\`; do not edit. Settings are environment variables, checked before anything starts: a
wrong value or an unknown \`BRYGGAN_\` name ends the start with a line for each. The right column is what the check says. With
\`NODE_ENV=production\` some are stricter, where it is said.

| setting | what it is for | must be |
| --- | --- | --- |
`;
const END = `
Variables of PostgreSQL's own clients (\`PGHOST\`, \`PGSSLMODE\` and the like) count for nothing; what the database needs
stands in \`BRYGGAN_DATABASE_URL\`. \`BRYGGAN_TEST_*\` are of the tests.
`;

/** docs/settings.md, freshly made: what each setting is for (`SETTING_PURPOSES`), and what its check says. */
export function settingsPage(): string {
  const rows = Object.entries(SETTING_PURPOSES).map(([key, purpose]) => `| \`${key}\` | ${purpose} | ${ruleOf(key)} |`);
  return `${HEAD}${rows.join('\n')}\n${END}`;
}
