import { sequenceOf } from '#shared/usecases/sequence-of.ts';
import { tallyStream } from '../stream/tally.ts';
import { productionDeps } from './deps.ts';

const { tallies, experiments } = productionDeps();

export const handler = tallyStream({ tallies, sequenceOf: sequenceOf(experiments) });
