import type { ReportBug } from '#shared/http/endpoint.ts';

/** One structured line per bug: the name, the message and the stack, and never anything a visitor sent. */
export const reportBug: ReportBug = (error, at) => {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  console.error({ ...at, name, message, stack });
};
