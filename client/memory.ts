/// <reference lib="dom" />

const OURS = 'stepladder.';
export const EVENT = `${OURS}event.`;
/** The visitor; behind the dot, the visitor that an experiment began with. */
export const VISITOR = `${OURS}visitor.`;
/** The variant that it began with. No experiment has a dot in its name, so the two cannot meet. */
export const VARIANT = `${VISITOR}variant.`;

type Box = Record<string, string>;

/**
 * Texts by name: localStorage itself where that is allowed and possible, else an object that lives as long as the page; both
 * are read and written by property. Every text has a name of its own, and none is ever read, changed and written back,
 * which is why two tabs cannot lose each other's events.
 */
let box: Box = {};

export const read = (name: string): string | undefined => box[name];

/** The names that begin so, in order. */
export const names = (prefix: string): string[] =>
  Object.keys(box)
    .filter((name) => !name.indexOf(prefix))
    .sort();

export const put = (name: string, text: string): string => {
  try {
    box[name] = text;
  } catch {
    // Full, or taken away while the page was open: memory from here on.
    box = { ...box, [name]: text };
  }
  return text;
};

export const forget = (gone: readonly string[]): unknown => gone.map((name) => delete box[name]);

/** Moves everything into localStorage; or out of it, leaving nothing of ours behind. Never throws. */
export const keep = (allowed: boolean): void => {
  const kept: Box = {};
  let next = kept;
  try {
    for (const name of names(OURS)) kept[name] = box[name] as string;
    box = localStorage;
    if (allowed) next = Object.assign(box, kept);
    else forget(names(OURS));
  } catch {}
  box = next;
};
