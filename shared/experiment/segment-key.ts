/** The segments of a visitor as one text, in one order whatever order they came in; part of the key of a tally's cell. */
export const segmentKey = (segments: Readonly<Record<string, string>>): string =>
  Object.keys(segments)
    .sort()
    .map((attribute) => `${encodeURIComponent(attribute)}=${encodeURIComponent(segments[attribute] ?? '')}`)
    .join('&');
