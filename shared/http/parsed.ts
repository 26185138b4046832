import * as z from 'zod/mini';
// By its own path: the namespace of all locales would put every language into every function.
import en from 'zod/v4/locales/en.js';
import { type Issue, Problem } from '../problem/problem.ts';

// Without a locale every message would read "Invalid input".
z.config(en());

/** The value in the shape a schema asks for, or a refusal that names every field that is not. */
export function parsed<T extends z.ZodMiniType>(schema: T, value: unknown, what: string): z.output<T> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  throw new Problem('request.invalid', `${what} has ${count(result.error.issues.length)}`, issuesOf(result.error));
}

export const issuesOf = (error: z.core.$ZodError): Issue[] =>
  error.issues.map(({ path, message }) => ({
    path: path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
    message,
  }));

const count = (issues: number): string =>
  issues === 1 ? 'a field that cannot be used' : `${issues} fields that cannot be used`;
