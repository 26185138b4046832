import type { ComponentChildren } from 'preact';
import { mayChange } from '../session/session.ts';

/** What changes something, for those from whom the API takes it. */
export const ForEditors = ({ children }: { children: ComponentChildren }) => mayChange() && children;
