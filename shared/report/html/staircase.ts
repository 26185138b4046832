import { html } from './markup.ts';

/** The sign of the house: four steps up. Decoration, so it says nothing to a screen reader. */
export const staircase = html`<svg width="26" height="20" viewBox="0 0 26 20" aria-hidden="true" focusable="false"><path d="M1 19h6v-5h6V9h6V4h6" fill="none" stroke="var(--accent)" stroke-width="2.4" stroke-linejoin="round" stroke-linecap="round"/></svg>`;
