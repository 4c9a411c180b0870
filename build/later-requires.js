/**
 * An esbuild plugin that puts off what a package requires at import and uses only in features this bot does not switch
 * on: teams-ai's planner and sign-in, with botbuilder-dialogs and its recognizers behind them, a fifth of the start.
 * They still load by themselves when something of them is used.
 */
import { readFile } from 'node:fs/promises';

/** File (end of its path) -> what it requires only later. */
const laterIn = {
  '@microsoft/teams-ai/lib/Application.js': ['./AI', './authentication/Authentication'],
  '@microsoft/teams-ai/lib/authentication/BotAuthenticationBase.js': ['./Authentication', 'botbuilder-dialogs'],
};

export const laterRequires = {
  name: 'later-requires',
  setup(build) {
    build.onLoad({ filter: /teams-ai[\\/]lib[\\/].*\.js$/ }, async ({ path }) => {
      const file = Object.keys(laterIn).find((end) => path.replaceAll('\\', '/').endsWith(end));
      if (!file) return undefined;
      let contents = await readFile(path, 'utf8');
      for (const name of laterIn[file]) {
        const statement = new RegExp(`= require\\("${name.replaceAll('.', '\\.')}"\\);`);
        if (!statement.test(contents))
          throw new Error(`${file} no longer requires ${name}: look at build/later-requires.js`);
        contents = contents.replace(statement, `= new Proxy({}, { get: (_, name) => require("${name}")[name] });`);
      }
      return { contents, loader: 'js' };
    });
  },
};
