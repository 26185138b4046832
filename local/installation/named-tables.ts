import type { TableNames } from '#shared/store/dynamo/tables.ts';

/**
 * The two tables that the environment names, as the functions on AWS find theirs; nothing where it names none, which means those of
 * this machine. Throws where it names one alone.
 */
export function namedTables({ CATALOG_TABLE, JOURNEYS_TABLE }: NodeJS.ProcessEnv): TableNames | undefined {
  if (!CATALOG_TABLE && !JOURNEYS_TABLE) return undefined;
  if (!CATALOG_TABLE || !JOURNEYS_TABLE)
    throw new Error(
      'CATALOG_TABLE and JOURNEYS_TABLE belong together; set both, or neither for the tables of this machine',
    );
  return { catalog: CATALOG_TABLE, journeys: JOURNEYS_TABLE };
}
