import { routes } from '#shared/contracts/routes.ts';
import { SettingsRequest } from '#shared/contracts/settings.ts';
import { type Endpoint, endpoint } from '#shared/http/endpoint.ts';
import { parsed } from '#shared/http/parsed.ts';
import { json } from '#shared/http/reply.ts';
import { changeHoldout } from '#shared/usecases/change-settings.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import type { Settings } from '#shared/usecases/ports.ts';
import { ifMatch } from './if-match.ts';

const NOTHING_SET = { revision: 0, holdout: 0 } as const;

/** A revision as people may see it: the salt says nothing to them. */
const shown = ({ holdout, ...revision }: Settings) => ({ ...revision, holdout: holdout.share });

/** What holds for the whole installation, for administrators. */
export const settingsEndpoints = (deps: Deps): Endpoint[] => [
  endpoint(routes.readSettings, async () => {
    const revisions = (await deps.settings.revisions()).map(shown);
    const current = revisions.at(-1) ?? NOTHING_SET;
    return json(200, { ...current, revisions }, { etag: `"${current.revision}"` });
  }),
  endpoint(routes.changeSettings, async ({ body, headers, caller }) => {
    const { holdout } = parsed(SettingsRequest, body, 'the request');
    const changed = await changeHoldout(deps, holdout, ifMatch(headers), caller);
    return json(200, shown(changed), { etag: `"${changed.revision}"` });
  }),
];
