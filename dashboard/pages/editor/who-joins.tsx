/// <reference lib="dom" />
import { percent } from '#shared/verdict/words.ts';
import { replaced } from '../../draft.ts';
import { InstantField, NumberField, TextField } from '../../parts/field.tsx';
import { Fold } from '../../parts/fold.tsx';
import { day, tight } from '../../words.ts';
import { type Part, percentOf } from './part.ts';

/** When visitors may join, how the share grows, and which other experiments they are kept out of. */
export function WhoJoins({ draft, change, begun }: Part) {
  const { ramp, enrolment, layer, traffic } = draft;
  const setRamp = (ramp: Part['draft']['ramp']): void => change({ ramp });
  const setLayer = (part: Partial<NonNullable<typeof layer>>): void =>
    change({ layer: { name: '', from: 0, until: 1, ...layer, ...part } });
  const now = [
    enrolment.from && `from ${dayOf(enrolment.from)}`,
    enrolment.until && `until ${dayOf(enrolment.until)}`,
    ramp.length > 0 && `growing to ${percent(ramp.at(-1)?.traffic ?? traffic)}`,
    layer && `in the layer ${layer.name || '…'}`,
  ].filter(Boolean);
  return (
    <Fold
      title="Who joins, and when"
      now={now.length === 0 ? 'from the start, beside any other experiment' : tight(now.join(', '))}
      about="Visitors may join between two instants. A share of traffic may grow by itself, so that a fault shows while few have met it; nobody who takes part is ever sent away. In a layer, no visitor is in two experiments."
    >
      <div class="row">
        <InstantField
          label="Joining begins"
          path="enrolment.from"
          value={enrolment.from}
          hint="With the start when empty"
          onValue={(from) => change({ enrolment: { ...enrolment, from } })}
        />
        <InstantField
          label="Joining ends"
          path="enrolment.until"
          value={enrolment.until}
          hint="With the conclusion when empty"
          onValue={(until) => change({ enrolment: { ...enrolment, until } })}
        />
      </div>
      <h3>The share grows</h3>
      {ramp.map((step, i) => (
        <div class="pair" key={i}>
          <InstantField
            label="From"
            path={`ramp.${i}.at`}
            value={step.at}
            onValue={(at) => setRamp([...replaced(ramp, i, { ...step, at: at ?? '' })])}
          />
          <NumberField
            label="Share of traffic, %"
            path={`ramp.${i}.traffic`}
            value={percentOf(step.traffic)}
            onValue={(share) => setRamp([...replaced(ramp, i, { ...step, traffic: share / 100 })])}
          />
          <button
            type="button"
            class="icon"
            aria-label={`Remove the share from ${step.at}`}
            onClick={() => setRamp(ramp.filter((_, at) => at !== i))}
          >
            ×
          </button>
        </div>
      ))}
      <button
        type="button"
        class="plain small flush"
        onClick={() => setRamp([...ramp, { at: '', traffic: ramp.at(-1)?.traffic ?? traffic }])}
      >
        Add a share
      </button>
      <h3>Its layer</h3>
      <fieldset class="row" disabled={begun}>
        <legend class="unseen">Layer</legend>
        <TextField
          label="Layer"
          path="layer.name"
          value={layer?.name ?? ''}
          placeholder="checkout"
          hint="The same name in each of the experiments"
          onValue={(name) => (name === '' ? change({ layer: undefined }) : setLayer({ name }))}
        />
        {layer && (
          <>
            <NumberField
              label="Its visitors, from %"
              path="layer.from"
              value={percentOf(layer.from)}
              onValue={(from) => setLayer({ from: from / 100 })}
            />
            <NumberField
              label="until %"
              path="layer.until"
              value={percentOf(layer.until)}
              onValue={(until) => setLayer({ until: until / 100 })}
            />
          </>
        )}
      </fieldset>
    </Fold>
  );
}

const dayOf = (instant: string): string => (Number.isNaN(Date.parse(instant)) ? '…' : day(Date.parse(instant)));
