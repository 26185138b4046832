/// <reference lib="dom" />
import { useState } from 'preact/hooks';
import { listed, percent } from '#shared/verdict/words.ts';
import { api, type Issue, Refusal, type Settings } from '../api.ts';
import { useLoaded } from '../load.ts';
import { Dialog } from '../parts/dialog.tsx';
import { CheckField, Issues, NumberField, TextField } from '../parts/field.tsx';
import { ForEditors } from '../parts/for-editors.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { mayChange } from '../session/session.ts';
import { moment, tight } from '../words.ts';

/** What holds for all experiments: who is held out of them, the secret of tokens, and the wish of a visitor to be forgotten. */
export function InstallationPage() {
  const [state, again] = useLoaded('settings', api.settings);
  return (
    <>
      <header class="page-head">
        <div>
          <h1>Installation</h1>
          <p class="lead">What holds for all experiments alike.</p>
        </div>
      </header>
      <section class="first" aria-labelledby="holdout">
        <h2 id="holdout">Holdout</h2>
        <p class="hint">
          A share of all visitors who are in no experiment. A larger share holds out the same people and some more;
          whoever joined an experiment stays in it. Nothing is counted of them: what all experiments together bring is
          measured by an experiment of its own, and docs/who-takes-part.md says how.
        </p>
        {state.kind === 'loading' && <Loading what="the settings" rows={2} />}
        {state.kind === 'failed' && <Failed message={state.message} again={again} />}
        {state.kind === 'here' && <Holdout key={state.value.revision} settings={state.value} again={again} />}
      </section>
      <ForEditors>
        <Tokens />
        <Erase />
      </ForEditors>
    </>
  );
}

function Holdout({ settings, again }: { settings: Settings; again: () => void }) {
  const [share, setShare] = useState(Number((settings.holdout * 100).toPrecision(10)));
  const [issues, setIssues] = useState<readonly Issue[]>([]);
  const [problem, setProblem] = useState('');
  const save = (event: Event): void => {
    event.preventDefault();
    void api.changeHoldout(share / 100, settings.revision).then(again, (error: Error) => {
      setProblem(error.message);
      setIssues(error instanceof Refusal ? error.issues : []);
    });
  };
  return (
    <Issues.Provider value={issues}>
      {!mayChange() && <p>{tight(percent(settings.holdout))} of all visitors are held out.</p>}
      <ForEditors>
        <form class="inline-form" noValidate onSubmit={save}>
          <NumberField label="Held out, % of all visitors" path="holdout" value={share} onValue={setShare} />
          <button type="submit">Save</button>
        </form>
      </ForEditors>
      {problem && issues.length === 0 && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <ol class="history" reversed>
        {[...settings.revisions].reverse().map(({ revision, at, by, holdout }) => (
          <li key={revision}>
            <span class="number">{revision}</span>
            <p>
              <b>{tight(percent(holdout))}</b> by {by}
            </p>
            <time dateTime={new Date(at).toISOString()}>{moment(at)}</time>
          </li>
        ))}
      </ol>
    </Issues.Provider>
  );
}

function Tokens() {
  const [asked, setAsked] = useState(false);
  const [leaked, setLeaked] = useState(false);
  const [said, say] = useState('');
  return (
    <section aria-labelledby="tokens">
      <h2 id="tokens">The secret of tokens</h2>
      <p class="hint">
        Redirects hand visitors on with a signed token, which a page sends back with its events. A new secret now and
        then costs nothing: tokens that are about stay good until they expire.
      </p>
      <button type="button" onClick={() => setAsked(true)}>
        Draw a new secret
      </button>
      <p role="status" class="hint">
        {said}
      </p>
      {asked && (
        <Dialog
          title="Draw a new secret for tokens?"
          confirm="Draw it"
          grave={leaked}
          onConfirm={async () => {
            await api.rotateTokenSecret(leaked);
            say('A new secret signs the tokens from now on.');
          }}
          onClose={() => setAsked(false)}
        >
          <CheckField
            path="leaked"
            checked={leaked}
            onChecked={setLeaked}
            hint="Then every token that is about is refused at once, and the events of whoever is on the way are lost."
          >
            somebody knows the secret of today
          </CheckField>
        </Dialog>
      )}
    </section>
  );
}

function Erase() {
  const [visitor, setVisitor] = useState('');
  const [asked, setAsked] = useState(false);
  const [said, say] = useState('');
  return (
    <section aria-labelledby="erase">
      <h2 id="erase">A visitor who wants to be forgotten</h2>
      <p class="hint">
        Erases all journeys of one visitor. What was counted stays counted, without a name: no report changes.
      </p>
      <form
        class="inline-form"
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(visitor !== '');
        }}
      >
        <TextField
          label="Visitor, by the opaque id your site uses"
          path="visitor"
          value={visitor}
          onValue={setVisitor}
        />
        <button type="submit">Erase</button>
      </form>
      <p role="status" class="hint">
        {said}
      </p>
      {asked && (
        <Dialog
          title="Erase this visitor?"
          confirm="Erase"
          grave
          onConfirm={async () => {
            const from = await api.eraseVisitor(visitor);
            say(from.length === 0 ? 'There was nothing of this visitor.' : `Erased from ${listed(from)}.`);
            setVisitor('');
          }}
          onClose={() => setAsked(false)}
        >
          <p>
            All journeys of <code>{visitor}</code> go, and cannot be brought back.
          </p>
        </Dialog>
      )}
    </section>
  );
}
