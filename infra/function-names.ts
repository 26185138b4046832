/** Every Lambda function, by the name of its entry in `functions/lambda`. */
export const FUNCTIONS = ['redirect', 'site', 'admin', 'tally', 'report'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];
