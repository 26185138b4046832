/// <reference lib="dom" />
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { STAGES } from '#shared/experiment/step.ts';
import { type DraftStep, type DraftVariant, followsName, freeId, movedTo, replaced, slugOf } from '../draft.ts';
import { Cost } from './cost.tsx';
import { CheckField, NumberField, SelectField, TextArea, TextField } from './field.tsx';
import { Frictions } from './frictions.tsx';

type Props = {
  readonly variant: DraftVariant;
  readonly index: number;
  readonly control: boolean;
  readonly share: string;
  readonly series: number;
  readonly frozen: boolean;
  readonly onChange: (variant: DraftVariant) => void;
  readonly onControl: () => void;
  readonly onRemove: (() => void) | undefined;
  readonly say: (text: string) => void;
  /** Another variant has this step too: its id ties the two together. */
  readonly isShared: (step: string) => boolean;
};

/** One variant's ladder as a flight of stairs: each step a tread higher than the one before, the goal on top and fixed there. */
export function Flight({
  variant,
  index,
  control,
  share,
  series,
  frozen,
  onChange,
  onControl,
  onRemove,
  say,
  isShared,
}: Props) {
  const [dragged, setDragged] = useState<number | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const next = useRef<{ readonly what: string; readonly place: number } | null>(null);
  // Before the browser hears the next key: a held arrow must go on moving the step it began with.
  useLayoutEffect(() => {
    if (next.current) list.current?.querySelectorAll<HTMLElement>(next.current.what)[next.current.place]?.focus();
    next.current = null;
  });
  const { steps } = variant;
  const last = steps.length - 1;

  const move = (from: number, to: number): void => {
    // The goal is the end of every ladder; nothing passes it.
    if (from === last || to < 0 || to >= last || from === to) return;
    onChange({ ...variant, steps: movedTo(steps, from, to) });
    say(`${steps[from]?.name ?? 'The step'} is now step ${to + 1} of ${steps.length}.`);
    next.current = { what: '.handle', place: to };
  };
  const add = (): void => {
    const id = freeId(
      'step',
      steps.map((step) => step.id),
    );
    onChange({ ...variant, steps: [...steps.slice(0, last), { id, name: '', observed: true }, ...steps.slice(last)] });
    next.current = { what: '.tread .step-name textarea', place: last };
  };
  const change = (i: number, step: DraftStep): void => onChange({ ...variant, steps: replaced(steps, i, step) });

  return (
    <section class={`flight series-${series}`} aria-label={`Variant ${variant.name}`}>
      <header>
        <TextField
          label="Variant"
          path={`variants.${index}.name`}
          value={variant.name}
          onValue={(name) => onChange({ ...variant, name })}
        />
        <NumberField
          label="Weight"
          path={`variants.${index}.weight`}
          value={variant.weight}
          step="1"
          onValue={(weight) => onChange({ ...variant, weight })}
        />
        <p class="share">
          <b>{share}</b> of visitors
        </p>
        <label class="choice">
          <input type="radio" name="control" checked={control} disabled={frozen} onChange={onControl} /> control
        </label>
        {onRemove && (
          <button type="button" class="plain small" onClick={onRemove}>
            Remove variant
          </button>
        )}
      </header>
      <ol class="stairs" ref={list}>
        {steps.map((step, i) => (
          <li
            // By place, not by id: an id changes with every letter of a name, and would take the focus along
            key={i}
            class={`tread${i === last ? ' goal' : ''}${dragged === i ? ' dragged' : ''}`}
            style={{ '--tread': i }}
            onDragOver={(event) => {
              if (dragged === null || i === last) return;
              event.preventDefault();
              if (dragged !== i) {
                onChange({ ...variant, steps: movedTo(steps, dragged, i) });
                setDragged(i);
              }
            }}
            onDrop={(event) => {
              event.preventDefault();
              setDragged(null);
            }}
          >
            <div class="card">
              <div class="card-top">
                <span class="rung">{i + 1}</span>
                {i === last ? (
                  <span class="tag">goal</span>
                ) : (
                  <>
                    <button
                      type="button"
                      class="handle"
                      draggable
                      aria-label={`Move ${step.name || 'this step'}, now step ${i + 1}. Arrow keys move it.`}
                      onDragStart={(event) => {
                        event.dataTransfer?.setData('text/plain', step.id);
                        setDragged(i);
                      }}
                      onDragEnd={() => setDragged(null)}
                      onKeyDown={(event) => {
                        const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
                        if (by === undefined) return;
                        event.preventDefault();
                        move(i, i + by);
                      }}
                    >
                      <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
                        <path
                          d="M1 7h12M4 4 1 7l3 3M10 4l3 3-3 3"
                          fill="none"
                          stroke="currentColor"
                          stroke-width="1.6"
                          stroke-linecap="round"
                          stroke-linejoin="round"
                        />
                      </svg>
                    </button>
                    <span class="nudge">
                      <button
                        type="button"
                        class="icon"
                        disabled={i === 0}
                        aria-label={`Move ${step.name || 'this step'} earlier`}
                        onClick={() => move(i, i - 1)}
                      >
                        ‹
                      </button>
                      <button
                        type="button"
                        class="icon"
                        disabled={i >= last - 1}
                        aria-label={`Move ${step.name || 'this step'} later`}
                        onClick={() => move(i, i + 1)}
                      >
                        ›
                      </button>
                    </span>
                    <button
                      type="button"
                      class="icon"
                      aria-label={`Remove ${step.name || 'this step'}`}
                      onClick={() => onChange({ ...variant, steps: steps.filter((_, at) => at !== i) })}
                    >
                      ×
                    </button>
                  </>
                )}
              </div>
              <div class="step-name">
                <TextArea
                  label={`Step ${i + 1}`}
                  quiet
                  oneLine
                  path={`variants.${index}.steps.${i}.name`}
                  value={step.name}
                  placeholder="What do you ask?"
                  onValue={(name) => {
                    // Until it has been counted, a step is called after its name.
                    const id =
                      i === last || frozen || !followsName(step) || isShared(step.id)
                        ? step.id
                        : freeId(
                            slugOf(name),
                            steps.filter((_, at) => at !== i).map((each) => each.id),
                          );
                    change(i, { ...step, name, id });
                  }}
                />
              </div>
              <TextField
                label="Leads to"
                path={`variants.${index}.steps.${i}.url`}
                value={step.url ?? ''}
                placeholder="https://…"
                inputMode="url"
                onValue={(url) => change(i, { ...step, url })}
              />
              <details>
                <summary>More</summary>
                <TextField
                  label="Id, as your site sends it"
                  path={`variants.${index}.steps.${i}.id`}
                  value={step.id}
                  disabled={i === last && frozen}
                  onValue={(id) => change(i, { ...step, id })}
                />
                <SelectField
                  label="Stage"
                  path={`variants.${index}.steps.${i}.stage`}
                  value={step.stage ?? ''}
                  options={[['', 'none'], ...STAGES.map((stage) => [stage, stage] as const)]}
                  onValue={(stage) => {
                    const { stage: _, ...rest } = step;
                    change(i, stage === '' ? rest : { ...rest, stage: stage as NonNullable<DraftStep['stage']> });
                  }}
                />
                <NumberField
                  label="Days it counts"
                  path={`variants.${index}.steps.${i}.windowDays`}
                  value={step.windowDays ?? Number.NaN}
                  hint="The window when empty"
                  onValue={(days) => change(i, { ...step, windowDays: Number.isNaN(days) ? undefined : days })}
                />
                <Frictions
                  path={`variants.${index}.steps.${i}.frictions`}
                  value={step.frictions}
                  onValue={(frictions) => change(i, { ...step, frictions })}
                />
                {i !== last && (
                  <CheckField
                    path={`variants.${index}.steps.${i}.observed`}
                    checked={step.observed}
                    onChecked={(observed) => change(i, { ...step, observed })}
                  >
                    is counted
                  </CheckField>
                )}
                <CheckField
                  path={`variants.${index}.steps.${i}.recordedBy`}
                  hint="With a secret key. What pages tell can be made up."
                  checked={step.recordedBy === 'servers'}
                  onChecked={(servers) => change(i, { ...step, recordedBy: servers ? 'servers' : undefined })}
                >
                  only servers record it
                </CheckField>
              </details>
            </div>
          </li>
        ))}
      </ol>
      <div class="flight-foot">
        <button type="button" class="plain small flush" onClick={add}>
          Add a step
        </button>
        <Cost variant={variant} index={index} onChange={onChange} />
      </div>
    </section>
  );
}
