/// <reference lib="dom" />

import { useRef, useState } from 'preact/hooks';
import { capital } from '#shared/report/say.ts';
import { api, type Experiment, type Issue, Refusal } from '../../api.ts';
import { type Draft, sent, slugOf } from '../../draft.ts';
import { Conditions } from '../../parts/conditions.tsx';
import { Issues, NumberField, TextArea, TextField } from '../../parts/field.tsx';
import { Plan } from '../../parts/plan.tsx';
import { address } from '../../route.ts';
import { Decided } from './decided.tsx';
import { Housekeeping } from './housekeeping.tsx';
import { Ladders } from './ladders.tsx';
import { Leaving } from './leaving.tsx';
import { Measured } from './measured.tsx';
import { type Part, percentOf } from './part.ts';
import { Reported } from './reported.tsx';
import { Segments } from './segments.tsx';
import { ToldApart } from './told-apart.tsx';
import { Weights } from './weights.tsx';
import { WhoJoins } from './who-joins.tsx';

/** An experiment as a form: its ladders at the centre, how long it will take, and everything else folded away until it is wanted. */
export function Editor({ start, known }: { start: Draft; known: Experiment | undefined }) {
  const [draft, setDraft] = useState(start);
  const [issues, setIssues] = useState<readonly Issue[]>([]);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const change = (part: Partial<Draft>): void => setDraft((before) => ({ ...before, ...part }));
  const part: Part = { draft, change, begun: known !== undefined && known.status !== 'draft' };

  const saved = useRef(false);
  const touched = JSON.stringify(draft) !== JSON.stringify(start);

  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      const { id } = known ? await api.edit(sent(draft), known.revision) : await api.create(sent(draft));
      saved.current = true;
      location.hash = address.experiment(id);
    } catch (error) {
      setProblem((error as Error).message);
      setIssues(error instanceof Refusal ? error.issues : []);
      // After the messages are there: the first of them, opened and in sight.
      requestAnimationFrame(() => {
        for (const each of document.querySelectorAll('details:has(.refused)')) each.setAttribute('open', '');
        const first = document.querySelector<HTMLElement>('.refused :is(input, select, textarea)');
        (first ?? document.querySelector<HTMLElement>('.save .problem'))?.focus();
      });
    } finally {
      setBusy(false);
    }
  };

  return (
    <Issues.Provider value={issues}>
      <form class="editor" noValidate onSubmit={(event) => void save(event)}>
        <header class="page-head">
          <div>
            <p class="crumb">
              <a href={known ? address.experiment(known.id) : address.list}>
                {known ? known.definition.name : 'Experiments'}
              </a>
            </p>
            <h1>{known ? 'Edit' : 'New experiment'}</h1>
          </div>
        </header>
        {known && part.begun && (
          <p class="note">
            It is {known.status}. New weights open a new epoch, and new steps a new sequence that is counted from
            nothing. What visitors were promised stays: goal, control, policy, metrics, segments, intent and layer.
          </p>
        )}
        <Question {...part} known={known} />
        <Ladders {...part} />
        <div class="columns">
          <Who {...part} />
          <Plan
            draft={draft}
            frozen={part.begun}
            onPlannedDays={(plannedDays) => change({ policy: { ...draft.policy, plannedDays } })}
          />
        </div>
        <div class="folds">
          <Decided {...part} />
          <Measured {...part} />
          <Segments {...part} />
          <ToldApart {...part} />
          <WhoJoins {...part} />
          <Weights {...part} />
          <Reported {...part} />
          <Housekeeping {...part} />
        </div>
        <footer class="save">
          {problem && <Refused problem={problem} issues={issues} />}
          <button type="submit" class="primary" disabled={busy}>
            {known ? 'Save' : 'Create as a draft'}
          </button>
          <a class="button plain" href={known ? address.experiment(known.id) : address.list}>
            Cancel
          </a>
        </footer>
      </form>
      {touched && <Leaving saved={saved} />}
    </Issues.Provider>
  );
}

function Question({ draft, change, known }: Part & { known: Experiment | undefined }) {
  const [idIsOwn, setIdIsOwn] = useState(known !== undefined || draft.id !== '');
  return (
    <>
      <div class="basics">
        <TextField
          label="Name"
          path="name"
          value={draft.name}
          placeholder="One big ask, or four small ones?"
          onValue={(name) => change({ name, ...(!idIsOwn && { id: slugOf(name) }) })}
        />
        <TextField
          label="Id"
          path="id"
          value={draft.id}
          disabled={known !== undefined}
          hint="In addresses and in your site’s code"
          onValue={(id) => {
            setIdIsOwn(true);
            change({ id });
          }}
        />
      </div>
      <TextArea
        label="Hypothesis"
        path="hypothesis"
        value={draft.hypothesis ?? ''}
        placeholder="Why should the longer way bring more people there?"
        onValue={(hypothesis) => change({ hypothesis })}
      />
    </>
  );
}

const Who = ({ draft, change }: Part) => (
  <div>
    <h2>Who, and for how long</h2>
    <div class="row">
      <NumberField
        label="Share of traffic, %"
        path="traffic"
        value={percentOf(draft.traffic)}
        onValue={(share) => change({ traffic: share / 100 })}
      />
      <NumberField
        label="Window, days"
        path="windowDays"
        value={draft.windowDays}
        hint="Steps count this long after being assigned"
        onValue={(windowDays) => change({ windowDays })}
      />
    </div>
    <fieldset class="bare">
      <legend>Audience</legend>
      {draft.audience.length === 0 && <p class="hint">Everyone. Add a condition to narrow it down.</p>}
      <Conditions path="audience" conditions={draft.audience} onChange={(audience) => change({ audience })} />
    </fieldset>
  </div>
);

const Refused = ({ problem, issues }: { problem: string; issues: readonly Issue[] }) => (
  <div class="problem" role="alert" tabIndex={-1}>
    <p>{capital(problem)}</p>
    {homeless(issues).length > 0 && (
      <ul>
        {homeless(issues).map((issue) => (
          <li key={issue.path.join('.') + issue.message}>
            <code>{issue.path.join(' › ') || 'the experiment'}</code> {issue.message}
          </li>
        ))}
      </ul>
    )}
  </div>
);

/** Refusals of fields that have no place on this page; everything else stands beside its field. */
const homeless = (issues: readonly Issue[]): readonly Issue[] =>
  issues.filter(
    ({ path }) =>
      place(path.join('.')) === null &&
      path.every((_, i) => !place(path.slice(0, i).join('.'))?.hasAttribute('data-whole')),
  );

const place = (path: string): Element | null => document.querySelector(`[data-path="${CSS.escape(path)}"]`);
