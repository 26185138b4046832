/** The header that says where the next page is (RFC 8288), or nothing after the last. */
export const nextPage = (path: string, query: Readonly<Record<string, string>> | undefined): Record<string, string> =>
  query === undefined ? {} : { link: `<${path}?${new URLSearchParams(query)}>; rel="next"` };
