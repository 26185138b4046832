/** What proves to the API who is asking: headers for one request. */
export type Prove = (request: {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}) => Promise<Readonly<Record<string, string>>>;

type Answer<T> = { readonly status: number; readonly body: T };
type ProblemBody = {
  readonly detail?: string;
  readonly message?: string;
  readonly code?: string;
  readonly issues?: { path: (string | number)[]; message: string }[];
};

export type ApiClient = {
  readonly address: string;
  /** The JSON that the API answers, or its refusal as an error. */
  readonly call: <T>(method: string, path: string, body?: unknown) => Promise<T>;
  /** The answer, whatever it is. */
  readonly request: <T>(method: string, path: string, body?: unknown) => Promise<Answer<T>>;
  /** The answer to a GET of an address of the API whatever its form, or its refusal as an error. */
  readonly ask: (address: string) => Promise<Response>;
};

export function apiClient(address: string, prove: Prove): ApiClient {
  return {
    address,
    request,
    call: async <T>(method: string, path: string, body?: unknown) => {
      const answer = await request<T & ProblemBody>(method, path, body);
      if (answer.status < 400) return answer.body;
      throw refusal(answer.status, answer.body);
    },
    ask: async (each) => {
      const answer = await send('GET', new URL(each, address));
      if (answer.ok) return answer;
      throw refusal(answer.status, (await answer.json()) as ProblemBody);
    },
  };

  async function request<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const answer = await send(method, new URL(path, address), body);
    return { status: answer.status, body: (await answer.json()) as T };
  }

  async function send(method: string, url: URL, sent?: unknown): Promise<Response> {
    const body = sent === undefined ? undefined : JSON.stringify(sent);
    const plain = body === undefined ? {} : { 'content-type': 'application/json' };
    const headers = { ...plain, ...(await prove({ method, url, headers: plain, body })) };
    return fetch(url, { method, headers, ...(body !== undefined && { body }) }).catch((cause: unknown) => {
      throw new Error(`nothing answers at ${address}; is npm start running? Another address: STEPLADDER_URL=…`, {
        cause,
      });
    });
  }
}

/** A refusal as text: the sentence, and a line for every field. API Gateway says by `message` what never came to a function. */
function refusal(status: number, { detail, message, issues = [] }: ProblemBody): Error {
  const lines = issues.map((issue) => `  ${issue.path.join('.') || '(the whole)'} ${issue.message}`);
  return new Error([detail ?? message ?? `the API answered ${status}`, ...lines].join('\n'));
}
