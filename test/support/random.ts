export { type Random, seeded } from '../../local/simulation/random.ts';
