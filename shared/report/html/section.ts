import { type Content, html, type Markup } from './markup.ts';

export const section = (id: string, title: string, ...content: readonly Content[]): Markup =>
  html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${content}</section>`;
