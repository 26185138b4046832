/// <reference lib="dom" />
import { plural } from '#shared/verdict/words.ts';
import type { Draft } from '../../draft.ts';
import { CheckField, ListField, SelectField, TextField } from '../../parts/field.tsx';
import { Fold } from '../../parts/fold.tsx';
import type { Part } from './part.ts';

/** Where reports go, and when. */
export function Reported({ draft: { reporting }, change }: Part) {
  const set = (part: Partial<Draft['reporting']>): void => change({ reporting: { ...reporting, ...part } });
  const places = [
    reporting.email.length > 0 && plural(reporting.email.length, 'e-mail address', 'e-mail addresses'),
    reporting.webhook && 'a webhook',
    reporting.topic && 'a topic',
    reporting.autoConclude && 'concludes by itself',
  ].filter(Boolean);
  return (
    <Fold
      title="Where reports go"
      now={places.length === 0 ? 'nowhere; they are kept here' : places.join(', ')}
      about="A report is written every day and kept. It is sent as often as you like, never before there is enough to judge, and at once when a guardrail is crossed."
    >
      <div class="row">
        <ListField
          label="E-mail, separated by commas"
          path="reporting.email"
          value={reporting.email}
          inputMode="email"
          onValue={(email) => set({ email: [...email] })}
        />
        <SelectField
          label="How often"
          path="reporting.every"
          value={reporting.every}
          options={[
            ['day', 'every day'],
            ['week', 'every week'],
            ['never', 'not by the calendar'],
          ]}
          onValue={(every) => set({ every: every as Draft['reporting']['every'] })}
        />
        <TextField
          label="Webhook (Slack-compatible)"
          path="reporting.webhook"
          value={reporting.webhook ?? ''}
          placeholder="https://…"
          inputMode="url"
          onValue={(webhook) => set({ webhook })}
        />
        <TextField
          label="SNS topic"
          path="reporting.topic"
          value={reporting.topic ?? ''}
          placeholder="arn:aws:sns:…"
          onValue={(topic) => set({ topic })}
        />
      </div>
      <CheckField
        path="reporting.onVerdictChange"
        checked={reporting.onVerdictChange}
        onChecked={(onVerdictChange) => set({ onVerdictChange })}
      >
        also whenever the verdict changes
      </CheckField>
      <CheckField
        path="reporting.autoConclude"
        checked={reporting.autoConclude}
        hint="It stands in the history, and can be taken back."
        onChecked={(autoConclude) => set({ autoConclude })}
      >
        conclude by itself when there is a winner, and give everyone that
      </CheckField>
    </Fold>
  );
}
