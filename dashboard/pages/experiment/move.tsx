/// <reference lib="dom" />
import { useState } from 'preact/hooks';
import type { Report } from '#shared/report/report.ts';
import { api, type Experiment } from '../../api.ts';
import { Dialog } from '../../parts/dialog.tsx';

export type Asked = 'start' | 'pause' | 'conclude' | 'ship';
type Props = {
  readonly asked: Asked;
  readonly experiment: Experiment;
  readonly report: Report | undefined;
  readonly onClose: () => void;
};

/** The question before a move that visitors feel. */
export function Move({ asked, experiment, report, onClose }: Props) {
  const { id, status } = experiment;
  switch (asked) {
    case 'start':
      return (
        <Dialog
          title={status === 'paused' ? 'Resume this experiment?' : 'Start this experiment?'}
          confirm={status === 'paused' ? 'Resume' : 'Start'}
          onConfirm={() => api.start(id)}
          onClose={onClose}
        >
          <p>
            {status === 'paused'
              ? 'Visitors will join again, and be split as before.'
              : 'Visitors will be split between the variants and counted. Its goal, control, segments and policy cannot change any more.'}
          </p>
        </Dialog>
      );
    case 'pause':
      return (
        <Dialog title="Pause this experiment?" confirm="Pause" onConfirm={() => api.pause(id)} onClose={onClose}>
          <p>
            Everyone gets the control and nobody new joins. Steps of those who joined before still count. You can resume
            it.
          </p>
        </Dialog>
      );
    case 'conclude':
    case 'ship':
      return <Choose experiment={experiment} report={report} ship={asked === 'ship'} onClose={onClose} />;
  }
}

/** Concluding, or changing one's mind about it. What the verdict recommends is chosen already. */
function Choose({
  experiment,
  report,
  ship,
  onClose,
}: {
  experiment: Experiment;
  report: Report | undefined;
  ship: boolean;
  onClose: () => void;
}) {
  const { definition, id } = experiment;
  const recommended = report?.verdict.variant;
  const [chosen, setChosen] = useState((ship ? experiment.shipped : recommended) ?? definition.control);
  return (
    <Dialog
      title={ship ? 'Give everyone another variant?' : 'Conclude this experiment?'}
      confirm={ship ? 'Ship it' : 'Conclude'}
      onConfirm={() => (ship ? api.ship(id, chosen) : api.conclude(id, chosen))}
      onClose={onClose}
    >
      <p>
        {ship
          ? 'The counts stay closed; only what everyone gets changes.'
          : 'Counting ends, for good. Everyone gets one variant from now on; which one can be changed later.'}
      </p>
      <fieldset class="choices">
        <legend>Everyone gets</legend>
        {definition.variants.map((variant) => (
          <label key={variant.id} class={chosen === variant.id ? 'chosen' : ''}>
            <input
              type="radio"
              name="ship"
              value={variant.id}
              checked={chosen === variant.id}
              onChange={() => setChosen(variant.id)}
            />
            <span>{variant.name}</span>
            {variant.id === recommended ? (
              <small>recommended by the verdict</small>
            ) : variant.id === definition.control ? (
              <small>{recommended ? 'control' : 'control: there is no winner'}</small>
            ) : null}
          </label>
        ))}
      </fieldset>
    </Dialog>
  );
}
