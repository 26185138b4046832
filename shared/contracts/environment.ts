/** Every environment variable a function may ask for. `infra/` sets them by these names, and a test holds that none is missing. */
export const ENVIRONMENT = ['STAGE', 'CATALOG_TABLE', 'JOURNEYS_TABLE', 'DESTINATION_HOSTS'] as const;
/**
 * What some functions of some installations have: the edge's store those who change experiments, where there is an edge to tell;
 * a sender's address and a bucket the one that writes reports.
 */
export const OPTIONAL_ENVIRONMENT = ['EDGE_STORE_ARN', 'REPORT_FROM', 'REPORT_ARCHIVE'] as const;
export type EnvironmentName = (typeof ENVIRONMENT)[number];
export type Environment = Readonly<Record<EnvironmentName, string>> &
  Readonly<Partial<Record<(typeof OPTIONAL_ENVIRONMENT)[number], string>>>;

/** Reads what the functions need, and says all that is missing at once. */
export function readEnvironment(source: Readonly<Record<string, string | undefined>>): Environment {
  const missing = ENVIRONMENT.filter((name) => !source[name]);
  if (missing.length > 0) throw new Error(`these environment variables are not set: ${missing.join(', ')}`);
  const set = [...ENVIRONMENT, ...OPTIONAL_ENVIRONMENT].flatMap((name) => {
    const value = source[name];
    return value ? [[name, value]] : [];
  });
  return Object.fromEntries(set) as Environment;
}
