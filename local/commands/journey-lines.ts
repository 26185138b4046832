/**
 * The journeys of an experiment as JSON lines, page after page, by the links of the answers. `ask` fetches an address and throws
 * where it is refused.
 */
export async function* journeyLines(first: string, ask: (address: string) => Promise<Response>): AsyncIterable<string> {
  let address: string | undefined = first;
  while (address !== undefined) {
    const answer: Response = await ask(address);
    yield await answer.text();
    const next = /^<([^>]+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
    // Only ever of the same place: a key must not follow a link to another.
    address = next === undefined ? undefined : new URL(next, address).href;
    if (address !== undefined && new URL(address).origin !== new URL(first).origin)
      throw new Error(`the API names a next page elsewhere: ${address}`);
  }
}
