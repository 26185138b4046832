import { type Exposure, readMark } from './exposure-mark.ts';
import { LOG_FIELDS } from './log-fields.ts';

/** A visitor whom the edge sent on and nobody has counted yet. */
export type LoggedExposure = Exposure & {
  readonly experiment: string;
  /** When the edge answered, ms. */
  readonly at: number;
  readonly rawQuery: string;
  readonly userAgent: string | undefined;
};

/**
 * What a line of the log says. `irrelevant`: the origin answered, and counts for itself, or the edge answered somebody who is not
 * counted. `unreadable`: the edge answered and the line does not say what; there should be none, so each is worth a look.
 */
export type LogLine =
  | { readonly kind: 'exposure'; readonly exposure: LoggedExposure }
  | { readonly kind: 'irrelevant' }
  | { readonly kind: 'unreadable'; readonly why: string };

export function fromLogLine(line: string): LogLine {
  const fields = line.replace(/\r?\n?$/, '').split('\t');
  if (fields.length !== LOG_FIELDS.length)
    return { kind: 'unreadable', why: `it has ${fields.length} fields and not ${LOG_FIELDS.length}` };
  const [timestamp = '', status, , stem = '', userAgent = '', query = '', result, type = ''] = fields;
  const mark = readMark(unescaped(type));
  if (mark === 'uncounted') return { kind: 'irrelevant' };
  if (mark === undefined)
    return result === 'FunctionGeneratedResponse' && status === '302'
      ? { kind: 'unreadable', why: 'the edge answered and its content type carries no mark' }
      : { kind: 'irrelevant' };
  const experiment = /^\/go\/([a-z0-9-]{1,64})(?:\?|$)/.exec(unescaped(stem))?.[1];
  const at = Math.round(Number(timestamp) * 1000);
  if (experiment === undefined) return { kind: 'unreadable', why: 'its path is not that of a redirect' };
  if (!(at > 0)) return { kind: 'unreadable', why: 'its timestamp is no number' };
  return {
    kind: 'exposure',
    exposure: { ...mark, experiment, at, rawQuery: given(query) ?? '', userAgent: given(userAgent) },
  };
}

/** The log escapes what it writes, on top of the escapes that a query already has; a hyphen stands for nothing. */
const given = (field: string): string | undefined => (field === '-' || field === '' ? undefined : unescaped(field));

function unescaped(field: string): string {
  try {
    return decodeURIComponent(field);
  } catch {
    return field;
  }
}
