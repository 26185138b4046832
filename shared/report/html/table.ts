import { type Content, html, type Markup } from './markup.ts';

/**
 * A table with a caption; the first cell of a row names it. Where a screen is too narrow for its columns, each row becomes a
 * card on which every figure has its column's name: what decides must not hide beyond an edge.
 */
export function table(caption: string, head: readonly string[], rows: readonly (readonly Content[])[]): Markup {
  const names = head.slice(1);
  return html`<div class="wide" role="region" aria-label="${caption}" tabindex="0"><table class="${widthOf(head.length)}"><caption>${caption}</caption><thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead><tbody>${rows.map(
    ([row, ...cells]) =>
      html`<tr><th scope="row">${row}</th>${cells.map((cell, i) => dataCell(names[i] ?? '', cell))}</tr>`,
  )}</tbody></table></div>`;
}

/** From how narrow a screen on rows are cards; two columns fit any. */
const widthOf = (columns: number): string => (columns > 5 ? 'many' : columns > 2 ? 'several' : 'few');

const dataCell = (name: string, cell: Content): Markup =>
  cell === '–'
    ? html`<td class="none">–</td>`
    : html`<td data-label="${name}">${typeof cell === 'string' ? unbroken(cell) : cell}</td>`;

/** Where a table cannot be as wide as it likes, a figure is broken before the interval in brackets, and that at worst before its “to”. */
const unbroken = (cell: string): string =>
  /^[+−]?\d|^(under|over|not|never|at least) /.test(cell) ? cell.replace(/ (?!\(|of |to .*\)$)/g, '\u00a0') : cell;
