/** Every environment variable a function may ask for. `infra/` sets them by these names, and a test holds that none is missing. */
export const ENVIRONMENT = ['CATALOG_TABLE', 'JOURNEYS_TABLE', 'DESTINATION_HOSTS'] as const;
export type EnvironmentName = (typeof ENVIRONMENT)[number];
export type Environment = Readonly<Record<EnvironmentName, string>>;

/** Reads what the functions need, and says all that is missing at once. */
export function readEnvironment(source: Readonly<Record<string, string | undefined>>): Environment {
  const missing = ENVIRONMENT.filter((name) => !source[name]);
  if (missing.length > 0) throw new Error(`these environment variables are not set: ${missing.join(', ')}`);
  return Object.fromEntries(ENVIRONMENT.map((name) => [name, source[name] ?? ''])) as Environment;
}
