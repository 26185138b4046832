import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { html, Markup } from '../html/markup.ts';

/** How much room a plot has. Each is drawn for both, with type of one size, and the page's style shows the one that fits. */
export type Room = 'roomy' | 'narrow';

/** The width of a narrow plot, in pixels: what a phone of 390 pixels has between its margins. */
export const NARROW = 350;

/** A plot of a report: what is drawn, and the same in words for whoever cannot see it. */
export type Drawing = {
  /** Unique on its page. */
  readonly id: string;
  readonly title: string;
  /** What the plot shows, with its numbers; also its caption. */
  readonly sentence: string;
  readonly options: (room: Room) => Plot.PlotOptions;
  /** Whose each line is: above a narrow plot, which has no room for names at their ends. */
  readonly key?: readonly KeyEntry[];
};

export type KeyEntry = { readonly name: string; readonly colour: string; readonly dashed?: boolean };

/** The attributes that say where something is, to a tenth of a pixel. */
const PLACES = ['d', 'x', 'x1', 'x2', 'y', 'y1', 'y2', 'cx', 'cy', 'width', 'height', 'transform'];
const DECIMALS = /(\d+\.\d)\d+/g;
const XLINK = / xlink:href="[^"]*"/g;

/** A drawing with its sentence below. What stands before the plots, such as a name, is in their figure. */
export function figure(drawing: Drawing, before: Markup | null = null): Markup {
  const { id, sentence, key = [] } = drawing;
  return html`<figure><div>${before}${svg(drawing, 'roomy')}${key.length > 0 && html`<ul class="key">${key.map(entry)}</ul>`}${svg(drawing, 'narrow')}</div><figcaption id="${id}-text">${sentence}</figcaption></figure>`;
}

const entry = ({ name, colour, dashed = false }: KeyEntry): Markup =>
  html`<li><i style="${dashed ? `border-top:2px dashed ${colour}` : `background:${colour}`}"${dashed && html` class="dashed"`}></i>${name}</li>`;

/**
 * The plot as inline SVG with a title; its description is the caption. Observable Plot draws it, on a document that exists only
 * here: the page it goes to needs no script. Colours are the page's variables, so that the plot follows light, dark and print.
 */
function svg({ id, title, options }: Drawing, room: Room): Markup {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const drawn = Plot.plot({
    ...options(room),
    className: 'plot',
    // The document is linkedom's: it does what Plot asks of one, and is not the type of a browser's.
    document: document as unknown as Document,
    style: { fontSize: '13px', overflow: 'visible' },
  });
  drawn.querySelector('style')?.remove();
  drawn.classList.add(room);
  drawn.setAttribute('role', 'img');
  drawn.setAttribute('aria-labelledby', `${id}-${room} ${id}-text`);
  const name = document.createElementNS('http://www.w3.org/2000/svg', 'title') as unknown as Element;
  name.setAttribute('id', `${id}-${room}`);
  name.textContent = title;
  drawn.insertBefore(name, drawn.firstChild);
  // The picture is one thing to a screen reader, so labels of its parts are noise; and long decimals are bytes nobody sees.
  for (const part of drawn.querySelectorAll('*')) {
    part.removeAttribute('aria-label');
    for (const place of PLACES) {
      const value = part.getAttribute(place);
      if (value?.includes('.')) part.setAttribute(place, value.replace(DECIMALS, '$1'));
    }
  }
  const text = drawn.outerHTML.replace(XLINK, '');
  if (/NaN|Infinity/.test(text.replace(/<(title|text)[\s\S]*?<\/\1>/g, '')))
    throw new Error(`the plot ${id} has a place that is not a number`);
  return new Markup(text);
}

/** The control is stone, treatments have the accent first and then its company; always the same variant, the same colour. */
export function colourOf(variants: readonly { readonly id: string; readonly control: boolean }[], id: string): string {
  if (variants.find((variant) => variant.id === id)?.control) return 'var(--stone)';
  const place = variants.filter(({ control }) => !control).findIndex((variant) => variant.id === id);
  return `var(--series-${Math.min(Math.max(place, 0), 5) + 1})`;
}
