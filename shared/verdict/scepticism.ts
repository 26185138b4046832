import type { Policy } from '../experiment/policy.ts';
import { compareSceptically } from '../statistics/sceptical.ts';
import type { Standing } from './standing.ts';
import type { Reason } from './verdict.ts';
import { chance, percent } from './words.ts';

/**
 * What someone would say who has seen many experiments and expects small effects. Shown beside the flat prior's
 * probability and uplift, which overstate whatever was stopped for; it informs the words and blocks nothing.
 */
export function scepticalReason(
  leader: Standing,
  standings: readonly Standing[],
  policy: Policy,
  names: Readonly<Record<string, string>>,
): Reason[] {
  const nameOf = ({ variant }: Standing) => names[variant] ?? variant;
  const control = standings.find((standing) => standing.control);
  const rival = leader.control ? runnerUp(leader, standings) : control;
  if (control === undefined || rival === undefined || leader.visitors === 0 || rival.visitors === 0) return [];
  const { beatsControl, meanControl, meanTreatment } = compareSceptically(
    rival.posterior,
    leader.posterior,
    policy.scepticism,
  );
  const gain = meanTreatment / meanControl - 1;
  const size = `${percent(Math.abs(gain))} ${gain < 0 ? 'less' : 'more'} than ${nameOf(rival)}`;
  const usual = percent(Math.expm1(1.96 * policy.scepticism));
  return [
    {
      check: 'scepticism',
      outcome: 'noted',
      text: `to a sceptic, who expects most effects to be smaller than ${usual}, ${nameOf(leader)} is ahead with probability ${chance(beatsControl)} and brings ${size}; the verdict goes by the flat prior, which expects nothing`,
      value: beatsControl,
    },
  ];
}

const runnerUp = (leader: Standing, standings: readonly Standing[]): Standing | undefined =>
  standings.filter((standing) => standing !== leader).sort((a, b) => b.best - a.best)[0];
