/** Every refusal the platform can answer with, and its HTTP status. The codes are part of the API: they never change meaning. */
export const PROBLEMS = {
  'request.invalid': 400,
  'request.not-json': 400,
  'request.too-large': 413,
  'request.media-type': 415,
  'route.not-found': 404,
  'route.method-not-allowed': 405,
  'key.missing': 401,
  'key.unknown': 401,
  'key.origin-refused': 403,
  'key.not-secret': 403,
  'key.other-project': 403,
  'key.rate-exceeded': 429,
  'key.not-found': 404,
  'key.revoked': 409,
  'key.version-conflict': 409,
  'admin.unsigned': 401,
  'admin.not-here': 403,
  'admin.read-only': 403,
  'experiment.not-found': 404,
  'experiment.exists': 409,
  'experiment.version-conflict': 409,
  'experiment.not-editable': 409,
  'experiment.not-movable': 409,
  'experiment.slice-taken': 409,
  'settings.version-conflict': 409,
  'report.not-found': 404,
  'tally.moving': 409,
  'secret.rotated-recently': 409,
  'edge.none': 409,
  'edge.behind': 503,
  'store.busy': 503,
  internal: 500,
} as const satisfies Record<string, number>;
export type ProblemCode = keyof typeof PROBLEMS;

/** One refused field: where it is (as in the JSON sent), and the rest of a sentence that begins with it. */
export type Issue = { readonly path: readonly (string | number)[]; readonly message: string };

/**
 * A refusal. Thrown by use cases and stores, turned into a response in one place. Anything else that is thrown is a bug.
 * The message is a sentence without capital or full stop; the issues say which field and why.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly issues: readonly Issue[];
  /** Whole seconds after which trying again makes sense. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ProblemCode,
    message: string,
    issues: readonly Issue[] = [],
    { retryAfterSeconds, ...options }: ErrorOptions & { readonly retryAfterSeconds?: number } = {},
  ) {
    super(message, options);
    this.code = code;
    this.issues = issues;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get status(): number {
    return PROBLEMS[this.code];
  }
}
