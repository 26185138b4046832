import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature, type Provider, ProviderEvents } from '@openfeature/web-sdk';

/** What the page of the browser test does: the official web client, as its documentation shows it. */
Object.assign(globalThis, {
  start: async (baseUrl: string, key: string, targetingKey: string) => {
    await OpenFeature.setContext({ targetingKey, country: 'FR' });
    await OpenFeature.setProviderAndWait(
      // The cast is for `exactOptionalPropertyTypes`, under which the two packages do not fit each other.
      new OFREPWebProvider({ baseUrl, headers: [['Authorization', `Bearer ${key}`]] }) as Provider,
    );
  },
  changed: 0,
  watch: () =>
    OpenFeature.addHandler(ProviderEvents.ConfigurationChanged, () => {
      (globalThis as unknown as { changed: number }).changed += 1;
    }),
  string: (flag: string) => OpenFeature.getClient().getStringDetails(flag, 'mine'),
  object: (flag: string) => OpenFeature.getClient().getObjectDetails(flag, { steps: [] }),
  context: (context: Record<string, string>) => OpenFeature.setContext(context),
  expose: async (baseUrl: string, key: string, token: string) => {
    const answer = await fetch(`${baseUrl}/v1/events`, {
      method: 'POST',
      body: JSON.stringify({ key, events: [{ type: 'exposure', token }] }),
    });
    return answer.json();
  },
});
