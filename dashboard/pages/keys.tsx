/// <reference lib="dom" />
import { useState } from 'preact/hooks';
import { plural } from '#shared/verdict/words.ts';
import { api, type IssuedKey, type ShownKey } from '../api.ts';
import { useLoaded } from '../load.ts';
import { Copy } from '../parts/copy.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { ListField, NumberField, SelectField, TextField } from '../parts/field.tsx';
import { ForEditors } from '../parts/for-editors.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { day, moment } from '../words.ts';

type Asked =
  | { readonly kind: 'new' }
  | { readonly kind: 'rotate' | 'revoke'; readonly key: ShownKey }
  | { readonly kind: 'issued'; readonly key: IssuedKey };

/** Keys of sites and servers: who has which, and for how long. */
export function KeysPage() {
  const [state, again] = useLoaded('keys', api.keys);
  const [asked, setAsked] = useState<Asked>();
  const close = (): void => {
    setAsked((now) => (now?.kind === 'issued' ? now : undefined));
    again();
  };
  const good = state.kind === 'here' ? state.value.filter(({ revokedAt }) => revokedAt === undefined) : [];
  const ended = state.kind === 'here' ? state.value.filter(({ revokedAt }) => revokedAt !== undefined) : [];
  return (
    <>
      <header class="page-head">
        <div>
          <h1>Keys</h1>
          <p class="lead">
            Sites and servers show a key with every request. A publishable key stands in pages and works from their
            origins alone; a secret key stays on a server.
          </p>
        </div>
        <ForEditors>
          <button type="button" class="primary" onClick={() => setAsked({ kind: 'new' })}>
            New key
          </button>
        </ForEditors>
      </header>
      {state.kind === 'loading' && <Loading what="the keys" rows={3} />}
      {state.kind === 'failed' && <Failed message={state.message} again={again} />}
      {state.kind === 'here' && good.length === 0 && (
        <p class="note">
          There is no key that is good. Without one, no site and no server can assign visitors or send events.
        </p>
      )}
      {good.length > 0 && (
        <ul class="keys">
          {good.map((key) => (
            <li key={key.id}>
              <Shown keyOf={key} />
              <ForEditors>
                <div class="actions">
                  <button type="button" class="small" onClick={() => setAsked({ kind: 'rotate', key })}>
                    Rotate<span class="unseen"> {key.name}</span>
                  </button>
                  <button type="button" class="small plain grave" onClick={() => setAsked({ kind: 'revoke', key })}>
                    Revoke<span class="unseen"> {key.name}</span>
                  </button>
                </div>
              </ForEditors>
            </li>
          ))}
        </ul>
      )}
      {ended.length > 0 && (
        <details class="ended">
          <summary>{plural(ended.length, 'key')} that ended</summary>
          <ul class="keys">
            {ended.map((key) => (
              <li key={key.id}>
                <Shown keyOf={key} />
              </li>
            ))}
          </ul>
        </details>
      )}
      {asked?.kind === 'new' && <NewKey onIssued={(key) => setAsked({ kind: 'issued', key })} onClose={close} />}
      {asked?.kind === 'rotate' && (
        <Rotate of={asked.key} onIssued={(key) => setAsked({ kind: 'issued', key })} onClose={close} />
      )}
      {asked?.kind === 'revoke' && (
        <Dialog
          title={`Revoke ${asked.key.name}?`}
          confirm="Revoke"
          grave
          onConfirm={() => api.revokeKey(asked.key.id)}
          onClose={close}
        >
          <p>
            Whoever uses this key is refused from now on, within 15 seconds everywhere. It cannot be taken back; to
            change over without a gap, rotate it instead.
          </p>
        </Dialog>
      )}
      {asked?.kind === 'issued' && <Once of={asked.key} onClose={() => setAsked(undefined)} />}
    </>
  );
}

function Shown({
  keyOf: { id, name, kind, origins, projects, requestsPerSecond, secrets, createdAt, createdBy, ...key },
}: {
  keyOf: ShownKey;
}) {
  const outgoing = secrets.find(({ until }) => until !== undefined && until > Date.now());
  return (
    <div class="key">
      <p class="key-name">
        <b>{name}</b> <span class="tag">{kind}</span>
      </p>
      <p>{kind === 'publishable' ? origins.join(', ') : 'for servers'}</p>
      <p class="meta">
        <code>{id}</code>
        <span>{projects.length === 1 ? `project ${projects[0]}` : `projects ${projects.join(', ')}`}</span>
        <span>{plural(requestsPerSecond, 'request')} a second</span>
        <span>
          {day(createdAt)} by {createdBy}
        </span>
      </p>
      {outgoing?.until !== undefined && (
        <p class="hint">Its secret before this one is good until {moment(outgoing.until)}.</p>
      )}
      {key.revokedAt !== undefined && (
        <p class="hint">
          Ended {moment(key.revokedAt)} by {key.revokedBy}
        </p>
      )}
    </div>
  );
}

type Issuing = { readonly onIssued: (key: IssuedKey) => void; readonly onClose: () => void };

function NewKey({ onIssued, onClose }: Issuing) {
  const [kind, setKind] = useState<ShownKey['kind']>('publishable');
  const [name, setName] = useState('');
  const [origins, setOrigins] = useState<readonly string[]>([]);
  const [projects, setProjects] = useState<readonly string[]>(['main']);
  const [rate, setRate] = useState(100);
  const wish = { kind, name, projects, requestsPerSecond: rate, ...(kind === 'publishable' && { origins }) };
  return (
    <Dialog
      title="New key"
      confirm="Create"
      onConfirm={async () => onIssued(await api.createKey(wish))}
      onClose={onClose}
    >
      <fieldset class="choices">
        <legend>Where will it stand?</legend>
        {(
          [
            ['publishable', 'In pages', 'seen by everyone, works from its origins'],
            ['secret', 'On a server', 'never in a page'],
          ] as const
        ).map(([id, label, about]) => (
          <label key={id} class={kind === id ? 'chosen' : ''}>
            <input type="radio" name="kind" checked={kind === id} onChange={() => setKind(id)} />
            <span>{label}</span>
            <small>{about}</small>
          </label>
        ))}
      </fieldset>
      <TextField label="Name" path="name" value={name} placeholder="The shop" onValue={setName} />
      {kind === 'publishable' && (
        <ListField
          label="Origins, separated by commas"
          path="origins"
          value={origins}
          placeholder="https://shop.example, https://*.shop.example"
          hint="Scheme and host, without a path. A * may stand for the first part of a host, or for a port."
          inputMode="url"
          onValue={setOrigins}
        />
      )}
      <details>
        <summary>Projects and rate</summary>
        <ListField
          label="Projects, separated by commas"
          path="projects"
          value={projects}
          hint="It can touch the experiments of these, and no others."
          onValue={setProjects}
        />
        <NumberField
          label="Requests a second"
          path="requestsPerSecond"
          value={rate}
          step="1"
          hint="For each function instance. Who asks more often is told to wait."
          onValue={setRate}
        />
      </details>
    </Dialog>
  );
}

const GRACE = [
  ['0', 'ends now'],
  ['1', 'is good for an hour more'],
  ['24', 'is good for a day more'],
  ['168', 'is good for a week more'],
  ['720', 'is good for 30 days more'],
] as const;

function Rotate({ of: { id, name }, onIssued, onClose }: Issuing & { of: ShownKey }) {
  const [hours, setHours] = useState('168');
  return (
    <Dialog
      title={`A new secret for ${name}`}
      confirm="Rotate"
      onConfirm={async () => onIssued(await api.rotateKey(id, Number(hours)))}
      onClose={onClose}
    >
      <p>Put the new secret in place while the one of today still works.</p>
      <SelectField label="The secret of today" path="graceHours" value={hours} options={GRACE} onValue={setHours} />
      {hours === '0' && <p class="note">Whoever has it is refused at once, until they have the new one.</p>}
    </Dialog>
  );
}

/** The one time a key is seen. */
const Once = ({ of: { name, key, kind }, onClose }: { of: IssuedKey; onClose: () => void }) => (
  <Dialog
    title={`The key of ${name}`}
    confirm="I have kept it"
    cancel={null}
    onConfirm={async () => {}}
    onClose={onClose}
  >
    <p>
      It is shown now and never again: nobody can read it back. Within 15 seconds it is good everywhere.
      {kind === 'secret' && ' It is for your servers; keep it out of pages and repositories.'}
    </p>
    <Copy label="The key" text={key} />
  </Dialog>
);
