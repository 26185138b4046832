/// <reference lib="dom" />
import { plural } from '#shared/verdict/words.ts';
import { replaced } from '../../draft.ts';
import { CheckField, NumberField, SelectField, TextField } from '../../parts/field.tsx';
import { Fold } from '../../parts/fold.tsx';
import type { Part } from './part.ts';

/** The team’s own variants, whose experiment it is, and how long its journeys are kept. */
export function Housekeeping({ draft, change }: Part) {
  const { forced, variants, project, edge, retentionDays } = draft;
  const entries = Object.entries(forced);
  const set = (entries: readonly (readonly [string, string])[]): void =>
    change({ forced: Object.fromEntries(entries) });
  const now = [
    project && `project ${project}`,
    entries.length > 0 && `${plural(entries.length, 'visitor')} of the team`,
    edge && 'answered at the edge',
    `journeys kept for ${plural(retentionDays, 'day')}`,
  ].filter(Boolean);
  return (
    <Fold
      title="Team and housekeeping"
      now={now.join(', ')}
      about="Visitors of your team who always see one variant are never counted. A project keeps the keys of others away."
    >
      {entries.map(([visitor, variant], i) => (
        <div class="pair" key={i}>
          <TextField
            label="Visitor"
            path={`forced.${visitor}`}
            value={visitor}
            onValue={(name) => set(replaced(entries, i, [name, variant]))}
          />
          <SelectField
            label="Sees"
            path={`forced.${visitor}.variant`}
            value={variant}
            options={variants.map(({ id, name }) => [id, name] as const)}
            onValue={(id) => set(replaced(entries, i, [visitor, id]))}
          />
          <button
            type="button"
            class="icon"
            aria-label={`Remove the visitor ${visitor}`}
            onClick={() => set(entries.filter((_, at) => at !== i))}
          >
            ×
          </button>
        </div>
      ))}
      {!('' in forced) && (
        <button type="button" class="plain small flush" onClick={() => set([...entries, ['', draft.control]])}>
          Add a visitor of the team
        </button>
      )}
      <div class="row after-entries">
        <TextField
          label="Project"
          path="project"
          value={project ?? ''}
          placeholder="main"
          onValue={(name) => change({ project: name === '' ? undefined : name })}
        />
        <NumberField
          label="Journeys are kept, days"
          path="retentionDays"
          value={retentionDays}
          step="1"
          hint="The counts stay"
          onValue={(days) => change({ retentionDays: days })}
        />
      </div>
      <CheckField
        path="edge"
        checked={edge}
        hint="Faster by a round trip, where the installation has an edge; the number of visitors is then approximate."
        onChecked={(answered) => change({ edge: answered })}
      >
        answer its redirects at the edge
      </CheckField>
    </Fold>
  );
}
