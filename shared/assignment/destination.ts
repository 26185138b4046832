/**
 * The address a redirect answers with: the destination of the variant, with the visitor's own query behind it, byte for byte.
 *
 * Order, repeats, valueless keys and encoding of the incoming query stay as they came, because click ids and signatures break
 * when anything "tidies" them. Where both name a key, the destination's own wins and the visitor's is left out. A fragment
 * of the destination stays at the end. The destination comes from the experiment, never from the query.
 *
 * `added` is one pair of ours, `key=value`, that goes last and takes the place of any the visitor brought under that key.
 */
export function destination(url: string, rawQuery: string, added?: string): string {
  const query = headerSafe(rawQuery);
  if (query === '' && !added) return url;
  const hash = url.indexOf('#');
  const base = hash < 0 ? url : url.slice(0, hash);
  const fragment = hash < 0 ? '' : url.slice(hash);
  const mark = base.indexOf('?');
  const own = mark < 0 ? '' : base.slice(mark + 1);
  const ownKeys = own === '' ? [] : own.split('&').map(keyOf);
  if (added) ownKeys.push(keyOf(added));
  const pairs = query.split('&').filter((pair) => pair !== '' && ownKeys.indexOf(keyOf(pair)) < 0);
  if (added) pairs.push(added);
  const kept = pairs.join('&');
  if (kept === '') return url;
  if (mark < 0) return `${base}?${kept}${fragment}`;
  return own === '' ? `${base}${kept}${fragment}` : `${base}&${kept}${fragment}`;
}

/** Two spellings of one key are one key: `utm%5Fsource` is `utm_source`. */
function keyOf(pair: string): string {
  const end = pair.indexOf('=');
  const key = end < 0 ? pair : pair.slice(0, end);
  if (key.indexOf('%') < 0 && key.indexOf('+') < 0) return key;
  try {
    return decodeURIComponent(key.replace(/\+/g, ' '));
  } catch {
    return key;
  }
}

/** A header holds printable ASCII only: everything else, line breaks above all, is percent-encoded as the browser should have, character by character, so that half a one does not spoil its neighbours. */
function headerSafe(rawQuery: string): string {
  return rawQuery.replace(/[\ud800-\udbff][\udc00-\udfff]|[^\x21-\x7e]/g, encoded).replace(/#/g, '%23');
}

function encoded(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return '%EF%BF%BD';
  }
}
