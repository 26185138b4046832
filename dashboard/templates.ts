import adFunnel from '../samples/templates/ad-funnel.json';
import community from '../samples/templates/community.json';
import emailSequence from '../samples/templates/email-sequence.json';
import relationship from '../samples/templates/relationship.json';
import { draftOf } from './draft.ts';

type Authored = Parameters<typeof draftOf>[0];

/** Beginnings to change: the files of `samples/templates`, each a definition the API takes as it is. */
export const TEMPLATES = [adFunnel, emailSequence, relationship, community].map(({ title, summary, definition }) => ({
  id: definition.id,
  title,
  summary,
  definition: draftOf(definition as unknown as Authored),
}));
