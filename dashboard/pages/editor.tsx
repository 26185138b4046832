/// <reference lib="dom" />
import { useState } from 'preact/hooks';
import { percent } from '#shared/verdict/words.ts';
import { api, type Experiment, type Issue, Refusal } from '../api.ts';
import { type Draft, type DraftVariant, draftOf, freeId, replaced, sent, slugOf } from '../draft.ts';
import { useLoaded } from '../load.ts';
import { Audience } from '../parts/audience.tsx';
import { Issues, ListField, NumberField, SelectField, TextField } from '../parts/field.tsx';
import { Flight } from '../parts/flight.tsx';
import { Plan } from '../parts/plan.tsx';
import { MiniStairs } from '../parts/staircase.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { TEMPLATES } from '../templates.ts';

export function NewPage() {
  const [draft, setDraft] = useState<Draft>();
  if (draft) return <Editor start={draft} known={undefined} />;
  return (
    <>
      <header class="page-head">
        <div>
          <p class="crumb">
            <a href="#/">Experiments</a>
          </p>
          <h1>What would you like to try?</h1>
        </div>
      </header>
      <ul class="templates">
        {TEMPLATES.map(({ id, title, summary, definition }) => (
          <li key={id}>
            <button type="button" onClick={() => setDraft(draftOf(definition))}>
              <span class="minis">
                {definition.variants.map((variant) => (
                  <MiniStairs
                    key={variant.id}
                    steps={variant.steps.length}
                    control={variant.id === definition.control}
                  />
                ))}
              </span>
              <b>{title}</b>
              <small>{summary}</small>
            </button>
          </li>
        ))}
        <li>
          <button type="button" onClick={() => setDraft(draftOf({}))}>
            <span class="minis">
              <MiniStairs steps={1} control />
              <MiniStairs steps={2} control={false} />
            </span>
            <b>Empty</b>
            <small>One ask against two, and all the names are yours.</small>
          </button>
        </li>
      </ul>
    </>
  );
}

export function EditPage({ id }: { id: string }) {
  const [state, again] = useLoaded(`edit ${id}`, () => api.find(id));
  if (state.kind === 'loading') return <Loading what="the experiment" rows={4} />;
  if (state.kind === 'failed') return <Failed message={state.message} again={again} />;
  return <Editor start={draftOf(state.value.definition)} known={state.value} />;
}

function Editor({ start, known }: { start: Draft; known: Experiment | undefined }) {
  const [draft, setDraft] = useState(start);
  const [issues, setIssues] = useState<readonly Issue[]>([]);
  const [problem, setProblem] = useState('');
  const [said, say] = useState('');
  const [busy, setBusy] = useState(false);
  const [idIsOwn, setIdIsOwn] = useState(known !== undefined || draft.id !== '');
  const begun = known !== undefined && known.status !== 'draft';
  const change = (part: Partial<Draft>): void => setDraft((before) => ({ ...before, ...part }));
  const policy = (part: Partial<Draft['policy']>): void => change({ policy: { ...draft.policy, ...part } });
  const reporting = (part: Partial<Draft['reporting']>): void => change({ reporting: { ...draft.reporting, ...part } });
  const total = draft.variants.reduce((sum, { weight }) => sum + (weight || 0), 0);

  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      const { id } = known ? await api.edit(sent(draft), known.revision) : await api.create(sent(draft));
      location.hash = `#/experiments/${encodeURIComponent(id)}`;
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

  const changeVariant = (index: number, variant: DraftVariant): void => {
    const goal = variant.steps.at(-1)?.name ?? '';
    const renamed = goal !== draft.variants[index]?.steps.at(-1)?.name;
    const variants = replaced(draft.variants, index, variant);
    // The goal is one step that all ladders share, so it has one name.
    change({
      variants: renamed
        ? variants.map((each) => ({
            ...each,
            steps: replaced(each.steps, each.steps.length - 1, { ...lastOf(each), name: goal }),
          }))
        : variants,
    });
  };

  return (
    <Issues.Provider value={issues}>
      <form class="editor" noValidate onSubmit={(event) => void save(event)}>
        <header class="page-head">
          <div>
            <p class="crumb">
              <a href={known ? `#/experiments/${encodeURIComponent(known.id)}` : '#/'}>
                {known ? known.definition.name : 'Experiments'}
              </a>
            </p>
            <h1>{known ? 'Edit' : 'New experiment'}</h1>
          </div>
        </header>
        {begun && (
          <p class="note">
            It is {known.status}. New weights open a new epoch and new steps a new sequence, which is counted from
            nothing; goal, control, segments and policy stay as they are.
          </p>
        )}
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
        <TextField
          label="Hypothesis"
          path="hypothesis"
          value={draft.hypothesis ?? ''}
          placeholder="Why should the longer way bring more people there?"
          onValue={(hypothesis) => change({ hypothesis })}
        />

        <div class="section-head">
          <h2>The ladders</h2>
          <p class="hint">Each variant has its own steps. All end at the goal.</p>
        </div>
        {draft.variants.map((variant, i) => (
          <Flight
            key={variant.id}
            variant={variant}
            index={i}
            control={variant.id === draft.control}
            share={total > 0 ? percent((variant.weight || 0) / total) : '–'}
            series={
              variant.id === draft.control
                ? 0
                : Math.min(draft.variants.filter(({ id }) => id !== draft.control).indexOf(variant) + 1, 6)
            }
            frozen={begun}
            onChange={(next) => changeVariant(i, next)}
            onControl={() => change({ control: variant.id })}
            onRemove={
              draft.variants.length > 2 && !begun && variant.id !== draft.control
                ? () => change({ variants: draft.variants.filter((each) => each !== variant) })
                : undefined
            }
            say={say}
            isShared={(step) =>
              draft.variants.some((other) => other !== variant && other.steps.some(({ id }) => id === step))
            }
          />
        ))}
        <button
          type="button"
          class="plain"
          onClick={() => {
            const id = freeId(
              'variant',
              draft.variants.map((each) => each.id),
            );
            const [first] = draft.variants;
            if (first)
              change({
                variants: [
                  ...draft.variants,
                  {
                    id,
                    name: 'Another ladder',
                    weight: 1,
                    steps: [{ id: 'first', name: 'A first small step', observed: true }, lastOf(first)],
                  },
                ],
              });
          }}
        >
          Add a variant
        </button>
        <p class="unseen" role="status">
          {said}
        </p>

        <div class="columns">
          <div>
            <h2>Who, and for how long</h2>
            <div class="row">
              <NumberField
                label="Share of traffic, %"
                path="traffic"
                value={round(draft.traffic * 100)}
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
            <Audience audience={draft.audience} onChange={(audience) => change({ audience })} />
          </div>
          <Plan draft={draft} frozen={begun} onPlannedDays={(plannedDays) => policy({ plannedDays })} />
        </div>

        <details>
          <summary>How it will be decided</summary>
          <fieldset class="row" disabled={begun}>
            <legend class="unseen">Policy</legend>
            <NumberField
              label="Effect worth finding, %"
              path="policy.effect"
              value={round(draft.policy.effect * 100)}
              onValue={(value) => policy({ effect: value / 100 })}
            />
            <NumberField
              label="Planned days"
              path="policy.plannedDays"
              value={draft.policy.plannedDays}
              step="1"
              onValue={(plannedDays) => policy({ plannedDays })}
            />
            <NumberField
              label="At least, days"
              path="policy.minimumDays"
              value={draft.policy.minimumDays}
              step="1"
              onValue={(minimumDays) => policy({ minimumDays })}
            />
            <NumberField
              label="At least, goals per variant"
              path="policy.minimumGoals"
              value={draft.policy.minimumGoals}
              step="1"
              onValue={(minimumGoals) => policy({ minimumGoals })}
            />
            <NumberField
              label="Probability of being best, %"
              path="policy.probability"
              value={round(draft.policy.probability * 100)}
              onValue={(value) => policy({ probability: value / 100 })}
            />
            <NumberField
              label="No practical difference within, %"
              path="policy.equivalence"
              value={round(draft.policy.equivalence * 100)}
              onValue={(value) => policy({ equivalence: value / 100 })}
            />
            <label class="choice">
              <input
                type="checkbox"
                checked={draft.policy.wholeWeeks}
                onChange={(event) => policy({ wholeWeeks: event.currentTarget.checked })}
              />{' '}
              whole weeks only
            </label>
          </fieldset>
        </details>
        <details>
          <summary>Where reports go</summary>
          <div class="row">
            <ListField
              label="E-mail, separated by commas"
              path="reporting.email"
              value={draft.reporting.email}
              inputMode="email"
              onValue={(email) => reporting({ email: [...email] })}
            />
            <SelectField
              label="How often"
              path="reporting.every"
              value={draft.reporting.every}
              options={[
                ['day', 'every day'],
                ['week', 'every week'],
                ['never', 'only when the verdict changes'],
              ]}
              onValue={(every) => reporting({ every: every as Draft['reporting']['every'] })}
            />
            <TextField
              label="Webhook (Slack-compatible)"
              path="reporting.webhook"
              value={draft.reporting.webhook ?? ''}
              placeholder="https://…"
              inputMode="url"
              onValue={(webhook) => reporting({ webhook })}
            />
            <TextField
              label="SNS topic"
              path="reporting.topic"
              value={draft.reporting.topic ?? ''}
              placeholder="arn:aws:sns:…"
              onValue={(topic) => reporting({ topic })}
            />
          </div>
          <label class="choice">
            <input
              type="checkbox"
              checked={draft.reporting.autoConclude}
              onChange={(event) => reporting({ autoConclude: event.currentTarget.checked })}
            />{' '}
            conclude by itself when there is a winner, and give everyone that
          </label>
        </details>

        <footer class="save">
          {problem && (
            <div class="problem" role="alert" tabIndex={-1}>
              <p>{problem.charAt(0).toUpperCase() + problem.slice(1)}</p>
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
          )}
          <button type="submit" class="primary" disabled={busy}>
            {known ? 'Save' : 'Create as a draft'}
          </button>
          <a class="button plain" href={known ? `#/experiments/${encodeURIComponent(known.id)}` : '#/'}>
            Cancel
          </a>
        </footer>
      </form>
    </Issues.Provider>
  );
}

const lastOf = ({ steps }: DraftVariant) => steps.at(-1) ?? { id: 'goal', name: 'Goal', observed: true };
const round = (value: number): number => Number(value.toPrecision(10));

/** Refusals of fields that have no place on this page; everything else stands beside its field. */
const homeless = (issues: readonly Issue[]): readonly Issue[] =>
  issues.filter(
    ({ path }) =>
      place(path.join('.')) === null &&
      path.every((_, i) => !place(path.slice(0, i).join('.'))?.hasAttribute('data-whole')),
  );

const place = (path: string): Element | null => document.querySelector(`[data-path="${CSS.escape(path)}"]`);
