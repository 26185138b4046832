/** Every Lambda function, by the name of its entry in `functions/lambda`. `exposures` is made only where there is an edge. */
export const FUNCTIONS = ['redirect', 'site', 'admin', 'tally', 'report', 'exposures'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];
