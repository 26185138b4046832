/// <reference lib="dom" />
import { api } from '../../api.ts';
import { draftOf } from '../../draft.ts';
import { useLoaded } from '../../load.ts';
import { Failed, Loading } from '../../parts/states.tsx';
import { Editor } from './editor.tsx';

export function EditPage({ id }: { id: string }) {
  const [state, again] = useLoaded(`edit ${id}`, () => api.find(id));
  if (state.kind === 'loading') return <Loading what="the experiment" rows={4} />;
  if (state.kind === 'failed') return <Failed message={state.message} again={again} />;
  return <Editor start={draftOf(state.value.definition)} known={state.value} />;
}
