import { type Content, html, type Markup } from './markup.ts';

/** A table with a caption; the first cell of a row names it. On a narrow screen it scrolls by itself, also by keyboard. */
export function table(caption: string, head: readonly string[], rows: readonly (readonly Content[])[]): Markup {
  return html`<div class="wide" role="region" aria-label="${caption}" tabindex="0"><table><caption>${caption}</caption><thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead><tbody>${rows.map(
    ([name, ...cells]) =>
      html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td>${typeof cell === 'string' ? unbroken(cell) : cell}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}

/** On paper, where a table cannot scroll, figures are broken only before what stands in brackets. @example unbroken('1 % (0 % to 2 %)') */
const unbroken = (cell: string): string =>
  /^[+−]?\d|^(under|over|not|never|at least) /.test(cell) ? cell.replace(/ (?!\()/g, '\u00a0') : cell;
