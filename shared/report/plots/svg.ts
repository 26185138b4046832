import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { html, Markup } from '../html/markup.ts';

/** A plot of a report: what is drawn, and the same in words for whoever cannot see it. */
export type Drawing = {
  /** Unique on its page. */
  readonly id: string;
  readonly title: string;
  /** What the plot shows, with its numbers; also its caption. */
  readonly sentence: string;
  readonly options: Plot.PlotOptions;
};

const XLINK = / xlink:href="[^"]*"/g;

/**
 * The plot as inline SVG with a title and a description. Observable Plot draws it, on a document that exists only here: the
 * page it goes to needs no script. Colours are the page's variables, so that the plot follows light, dark and print.
 */
export function figure({ id, title, sentence, options }: Drawing): Markup {
  return html`<figure>${svg({ id, title, sentence, options })}<figcaption>${sentence}</figcaption></figure>`;
}

export function svg({ id, title, sentence, options }: Drawing): Markup {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const drawn = Plot.plot({
    ...options,
    className: 'plot',
    // The document is linkedom's: it does what Plot asks of one, and is not the type of a browser's.
    document: document as unknown as Document,
    style: { fontSize: '13px', overflow: 'visible', ...(typeof options.style === 'object' ? options.style : {}) },
  });
  drawn.querySelector('style')?.remove();
  drawn.setAttribute('role', 'img');
  drawn.setAttribute('aria-labelledby', `${id}-title ${id}-text`);
  for (const [tag, name, text] of [
    ['desc', 'text', sentence],
    ['title', 'title', title],
  ] as const) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag) as unknown as Element;
    element.setAttribute('id', `${id}-${name}`);
    element.textContent = text;
    drawn.insertBefore(element, drawn.firstChild);
  }
  // The picture is one thing to a screen reader, so labels of its parts are noise; and long decimals are bytes nobody sees.
  for (const part of drawn.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label');
  const text = drawn.outerHTML.replace(XLINK, '').replace(/(\d+\.\d{2})\d+/g, '$1');
  if (/NaN|Infinity/.test(text.replace(/<(title|desc|text)[\s\S]*?<\/\1>/g, '')))
    throw new Error(`the plot ${id} has a place that is not a number`);
  return new Markup(text);
}

/** The control is stone, treatments have the accent first and then its company; always the same variant, the same colour. */
export function colourOf(variants: readonly { readonly id: string; readonly control: boolean }[], id: string): string {
  if (variants.find((variant) => variant.id === id)?.control) return 'var(--stone)';
  const place = variants.filter(({ control }) => !control).findIndex((variant) => variant.id === id);
  return `var(--series-${Math.min(Math.max(place, 0), 5) + 1})`;
}
