/** The parts of CloudFront's viewer-request event that a redirect reads. Values of repeated names are in `multiValue`. */
export type ViewerEvent = { readonly context: { readonly requestId: string }; readonly request: ViewerRequest };

export type ViewerRequest = {
  readonly method: string;
  readonly uri: string;
  readonly headers: Readonly<Record<string, ViewerValue | undefined>>;
  readonly cookies: Readonly<Record<string, ViewerValue | undefined>>;
  /** The query as it came. The event's own `querystring` has lost order, repeats and encoding. */
  readonly rawQueryString: () => string | undefined;
};

export type ViewerValue = { readonly value: string; readonly multiValue?: readonly { readonly value: string }[] };

export type ViewerResponse = {
  readonly statusCode: number;
  readonly statusDescription: string;
  readonly headers: Readonly<Record<string, { readonly value: string }>>;
  readonly cookies: Readonly<Record<string, { readonly value: string; readonly attributes: string }>>;
};
