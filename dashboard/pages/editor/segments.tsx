/// <reference lib="dom" />
import { listed } from '#shared/verdict/words.ts';
import { replaced } from '../../draft.ts';
import { ListField, TextField } from '../../parts/field.tsx';
import { Fold } from '../../parts/fold.tsx';
import type { Part } from './part.ts';

/** By what the results can be read apart. */
export function Segments({ draft: { segments }, change, begun }: Part) {
  const set = (segments: Part['draft']['segments']): void => change({ segments });
  return (
    <Fold
      title="Segments"
      now={segments.length === 0 ? 'none' : listed(segments.map(({ attribute }) => attribute || '…'))}
      about="Attributes by which the results can be read apart, such as the country. They are frozen when a visitor joins. The verdict is about everyone."
      frozen={begun}
    >
      {segments.map((segment, i) => (
        <div class="pair" key={i}>
          <TextField
            label="Attribute"
            path={`segments.${i}.attribute`}
            value={segment.attribute}
            placeholder="country"
            onValue={(attribute) => set([...replaced(segments, i, { ...segment, attribute })])}
          />
          <ListField
            label="Values, separated by commas"
            path={`segments.${i}.values`}
            value={segment.values}
            placeholder="SE, DE, FR"
            hint="All others count as “other”"
            onValue={(values) => set([...replaced(segments, i, { ...segment, values: [...values] })])}
          />
          <button
            type="button"
            class="icon"
            aria-label={`Remove the segment ${segment.attribute || ''}`}
            onClick={() => set(segments.filter((_, at) => at !== i))}
          >
            ×
          </button>
        </div>
      ))}
      {segments.length < 3 && (
        <button
          type="button"
          class="plain small flush"
          onClick={() => set([...segments, { attribute: '', values: [] }])}
        >
          Add a segment
        </button>
      )}
    </Fold>
  );
}
