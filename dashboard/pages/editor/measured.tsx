/// <reference lib="dom" />
import type { Metric, MetricKind } from '#shared/experiment/metric.ts';
import { plural } from '#shared/verdict/words.ts';
import { freeId, replaced, slugOf } from '../../draft.ts';
import { NumberField, SelectField, TextField } from '../../parts/field.tsx';
import { Fold } from '../../parts/fold.tsx';
import { type Part, percentOf } from './part.ts';

const KINDS = [
  ['value', 'value, such as what was spent'],
  ['count', 'how often they did something'],
  ['return', 'in how many weeks they came back'],
  ['gap', 'their longest silence'],
  ['response', 'how often somebody answered them in time'],
  ['depth', 'how deep the replies to them went'],
] as const satisfies readonly (readonly [MetricKind, string])[];

const GUARDS = [
  ['none', 'none: it is told, and no more'],
  ['warn', 'warns when a variant is worse'],
  ['stop', 'pauses when a variant is worse'],
] as const;

/** What is measured of a visitor besides the ladder, and which of it no variant may harm. */
export function Measured({ draft: { metrics }, change, begun }: Part) {
  const guardrails = metrics.filter(({ guardrail }) => guardrail).length;
  const set = (metrics: readonly Metric[]): void => change({ metrics: [...metrics] });
  const add = (): void => {
    const id = freeId(
      'metric',
      metrics.map((each) => each.id),
    );
    set([...metrics, metricOf('count', { id, name: '', better: 'higher' })]);
  };
  return (
    <Fold
      title="What else is measured"
      now={
        metrics.length === 0
          ? 'nothing besides the ladder'
          : `${plural(metrics.length, 'metric')}${guardrails > 0 ? `, ${plural(guardrails, 'guardrail')}` : ''}`
      }
      about="Metrics are told beside the goal, one number for each visitor, and never name a winner. A guardrail among them is a line that no variant may cross on its way to the goal."
      frozen={begun}
    >
      {metrics.map((metric, i) => (
        <One
          key={i}
          metric={metric}
          index={i}
          taken={metrics.filter((_, at) => at !== i).map(({ id }) => id)}
          onChange={(next) => set(replaced(metrics, i, next))}
          onRemove={() => set(metrics.filter((_, at) => at !== i))}
        />
      ))}
      <button type="button" class="plain small flush" onClick={add}>
        Add a metric
      </button>
    </Fold>
  );
}

type OneProps = {
  readonly metric: Metric;
  readonly index: number;
  readonly taken: readonly string[];
  readonly onChange: (metric: Metric) => void;
  readonly onRemove: () => void;
};

function One({ metric, index, taken, onChange, onRemove }: OneProps) {
  const at = (field: string): string => `metrics.${index}.${field}`;
  // A metric has only what its kind has; the type cannot follow a field that is chosen by its name.
  const set = (part: object): void => onChange({ ...metric, ...part } as Metric);
  const { guardrail } = metric;
  return (
    <div class="entry">
      <div class="row three">
        <TextField
          label="What it is called"
          path={at('name')}
          value={metric.name}
          placeholder="Spent per visitor"
          onValue={(name) => {
            const follows = /^metric(-\d+)?$/.test(metric.id) || metric.id === slugOf(metric.name);
            set({ name, ...(follows && { id: freeId(slugOf(name) || 'metric', taken) }) });
          }}
        />
        <SelectField
          label="Of a visitor"
          path={at('kind')}
          value={metric.kind}
          options={KINDS}
          onValue={(kind) => onChange(metricOf(kind as MetricKind, metric))}
        />
        <SelectField
          label="Good is"
          path={at('better')}
          value={metric.better}
          options={[
            ['higher', 'more'],
            ['lower', 'less'],
          ]}
          onValue={(better) => set({ better })}
        />
        {'activity' in metric && (
          <TextField
            label="Activity, as your site sends it"
            path={at('activity')}
            value={metric.activity}
            placeholder="post"
            onValue={(activity) => set({ activity })}
          />
        )}
        {'cap' in metric && (
          <NumberField
            label={metric.kind === 'value' ? 'At most, in cents' : 'At most'}
            path={at('cap')}
            value={metric.cap}
            step="1"
            hint={metric.kind === 'value' ? 'One large order must not decide' : 'One busy visitor must not decide'}
            onValue={(cap) => set({ cap })}
          />
        )}
        {metric.kind === 'return' && (
          <NumberField
            label="Weeks"
            path={at('weeks')}
            value={metric.weeks}
            step="1"
            onValue={(weeks) => set({ weeks })}
          />
        )}
        {metric.kind === 'response' && (
          <NumberField
            label="Answered within, hours"
            path={at('withinHours')}
            value={metric.withinHours}
            onValue={(withinHours) => set({ withinHours })}
          />
        )}
        {metric.kind !== 'return' && (
          <NumberField
            label="Days it counts"
            path={at('days')}
            value={metric.days ?? Number.NaN}
            hint="As long as the window when empty"
            onValue={(days) => set({ days: Number.isNaN(days) ? undefined : days })}
          />
        )}
        <SelectField
          label="Guardrail"
          path={at('guardrail')}
          value={guardrail?.action ?? 'none'}
          options={GUARDS}
          onValue={(action) =>
            set({ guardrail: action === 'none' ? undefined : { margin: guardrail?.margin ?? 0, action } })
          }
        />
        {guardrail && (
          <NumberField
            label="Tolerated, % worse than the control"
            path={at('guardrail.margin')}
            value={percentOf(guardrail.margin)}
            onValue={(margin) => set({ guardrail: { ...guardrail, margin: margin / 100 } })}
          />
        )}
      </div>
      <button type="button" class="plain small" onClick={onRemove}>
        Remove {metric.name || 'this metric'}
      </button>
    </div>
  );
}

type Kept = Pick<Metric, 'id' | 'name' | 'better' | 'guardrail'> & { readonly activity?: string };

/** A metric of a kind, with what does not hang on the kind kept. */
function metricOf(kind: MetricKind, { id, name, better, guardrail, activity = '' }: Kept): Metric {
  const common = { id, name, better, ...(guardrail && { guardrail }) };
  switch (kind) {
    case 'value':
      return { ...common, kind, cap: 100_000 };
    case 'count':
      return { ...common, kind, activity, cap: 100 };
    case 'return':
      return { ...common, kind, activity, weeks: 4 };
    case 'response':
      return { ...common, kind, activity, withinHours: 24 };
    case 'gap':
      return { ...common, better: 'lower', kind, activity };
    case 'depth':
      return { ...common, kind, activity };
  }
}
