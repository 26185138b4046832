/// <reference lib="dom" />
import { attempt } from './attempt.ts';
import { EVENT, forget, keep, names, put, read, VARIANT, VISITOR } from './memory.ts';
import { add, bodyOf, send, trouble } from './outbox.ts';
import { settings } from './request.ts';
import type { Assigned, Assigning, Ladder, Options } from './types.ts';

/** Decides for one visitor. */
export type Decide = (experiment: string, visitor: string, attributes: Assigning['attributes']) => Promise<Assigned>;

/** A ladder, whoever decides who climbs which. */
export const ladderOf = (options: Options | undefined, decide: Decide): Ladder => {
  let asked: Record<string, Promise<Assigned>> = {};
  let token = '';
  let attention: ReturnType<typeof setTimeout> | undefined;

  /** Who began an experiment under one id goes on in it under that id. Throws for who was shown it without being counted. */
  const visitorIn = (experiment: string): string => {
    const visitor =
      read(VISITOR + experiment) ?? read(VISITOR) ?? put(VISITOR, crypto.randomUUID?.() ?? `${Math.random()}`);
    if (visitor) return visitor;
    throw visitor;
  };

  const began = (experiment: string, visitor: string, variant: string): void => {
    put(VISITOR + experiment, visitor);
    put(VARIANT + experiment, variant);
  };

  const decided = async (experiment: string, attributes: Assigning['attributes']): Promise<Assigned> => {
    const visitor = visitorIn(experiment);
    const answer = await decide(experiment, visitor, attributes);
    if (answer.assigned && answer.reason !== 'forced') began(experiment, visitor, answer.variant as string);
    return answer;
  };

  const identify = (visitor?: string): void =>
    attempt(() => {
      asked = {};
      if (visitor) put(VISITOR, visitor);
      else forget(names(VISITOR));
    });

  const tell: Ladder['tell'] = (experiment, event) =>
    attempt(() => add({ experiment, visitor: visitorIn(experiment), ...event }));

  const person = () => {
    if (token) add({ type: 'interaction', token });
    token = '';
  };

  const look = () => {
    clearTimeout(attention);
    const events = names(EVENT);
    if (!document.hidden) attention = setTimeout(person, 1000);
    // The page may never come back. No answer will be heard, so the events stay: the next page asks again.
    else if (events[0] && !trouble) navigator.sendBeacon(`${settings.api}/v1/events`, bodyOf(events));
  };

  const listeners: Record<string, () => void> = {
    online: send,
    visibilitychange: look,
    pointerdown: person,
    keydown: person,
    scroll: person,
  };

  attempt(() => {
    for (const type in listeners) addEventListener(type, () => attempt(listeners[type] as () => void));
    Object.assign(settings, options);
    settings.api ||= '';
    keep(`${settings.consent}` !== 'false' && !(navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl);
    if (settings.visitor) identify(settings.visitor);
    look();
    send();
    // Taken out of the address, so that nobody bookmarks or shares it; all else stays byte for byte.
    const address = location.href.replace(/([?&])stepladder_token=([^&#]*)(&?)/, (_, before, found, after) => {
      token = found;
      return after && before;
    });
    if (token) {
      // Not verified; the server does that when the arrival comes.
      const [uncounted, experiment, visitor, variant] = JSON.parse(
        atob(token.replace(/\..*/, '').replace(/-/g, '+').replace(/_/g, '/')),
      );
      began(experiment, uncounted ? '' : visitor, variant);
      if (!(uncounted || read(VISITOR))) put(VISITOR, visitor);
      add({ type: 'arrival', token });
      history.replaceState(history.state, '', address);
    }
  });

  return {
    assign: async (experiment, how) => {
      // Without a selector it hides no element.
      let sheet: CSSStyleSheet | undefined;
      attempt(() => {
        sheet = new CSSStyleSheet();
        sheet.replaceSync(`${how?.hide}{visibility:hidden}`);
        document.adoptedStyleSheets.push(sheet);
      });
      const answer = await Promise.race([
        // biome-ignore lint/suspicious/noAssignInExpressions: one question an experiment, and a repeated one waits for the same answer
        (asked[VISITOR + experiment] ??= decided(experiment, how?.attributes)).catch(() => {
          asked = {};
          return 'error';
        }),
        new Promise<string>((resolve) => setTimeout(resolve, settings.timeoutMs ?? 800, 'timeout')),
      ]);
      sheet?.replaceSync('');
      return (answer as Assigned).reason
        ? (answer as Assigned)
        : { experiment, variant: read(VARIANT + experiment), assigned: false, reason: answer as string };
    },
    tell,
    step: (experiment, step, more) => tell(experiment, { step, ...more }),
    value: (experiment, step, value) => tell(experiment, { step, value }),
    identify,
    consent: keep,
    // While the server is in trouble it is not asked more often.
    flush: async () => (trouble || send()) as Promise<void>,
  };
};
