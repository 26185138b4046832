import { readFileSync } from 'node:fs';
import { signedGate } from '#shared/http/access.ts';
import { adminApi } from '../api/admin.ts';
import { productionDeps } from './deps.ts';
import { edgeStore } from './edge-store.ts';
import { reportBug } from './report-bug.ts';

/** Lies beside the bundle: see `infra/bundle.ts`. */
const openApi = (): string => readFileSync(new URL('./openapi.json', import.meta.url), 'utf8');

export const handler = adminApi(productionDeps(edgeStore()), reportBug, { gate: signedGate, openApi });
