/** One word of the command line, and what it does. */
export type Command = {
  /** What follows the word, as the help shows it; what is in brackets may be left out. */
  readonly takes?: string;
  readonly does: string;
  readonly run: (args: readonly string[]) => Promise<void>;
};
export type Commands = Readonly<Record<string, Command>>;

/** How many words must follow. @example wordsNeeded('KEY [HOURS]') // 1 */
export const wordsNeeded = ({ takes = '' }: Command): number =>
  takes.split(' ').filter((word) => word !== '' && !word.startsWith('[')).length;

/** Two columns: what to type, and what it does. */
export const helpOf = (commands: Commands): string =>
  Object.entries(commands)
    .map(([name, { takes, does }]) => `  ${(takes ? `${name} ${takes}` : name).padEnd(28)} ${does}`)
    .join('\n');
