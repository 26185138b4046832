// The side panel. It listens at `fetch` and `sendBeacon`, as the network tab of a browser would, and knows nothing of the
// client's inside. A real site has no need of it.
(() => {
  const LADDERS = {
    'one-ask': [['buy', 'buy']],
    'four-asks': [
      ['answer', 'answer a question'],
      ['plan', 'see your plan'],
      ['e-mail', 'leave an e‑mail'],
      ['buy', 'buy'],
    ],
  };
  const log = JSON.parse(sessionStorage.getItem('panel') ?? '[]');
  let variant = sessionStorage.getItem('variant');

  const token = new URLSearchParams(location.search).get('stepladder_token');
  if (token) {
    variant = JSON.parse(atob(token.split('.')[0].replaceAll('-', '+').replaceAll('_', '/')))[3];
    sessionStorage.setItem('variant', variant);
    note({ title: 'Redirect /go/four-steps', status: variant, sent: { stepladder_token: token } });
  }

  const send = window.fetch;
  window.fetch = async (url, init) => {
    const response = await send(url, init);
    if (String(url).endsWith('/v1/events') && init?.body) {
      const { answers = [] } = await response
        .clone()
        .json()
        .catch(() => ({}));
      JSON.parse(init.body).events.forEach((sent, i) => {
        note({ title: titleOf(sent), status: answers[i]?.status ?? `${response.status}`, sent, answer: answers[i] });
      });
    }
    return response;
  };
  const beacon = navigator.sendBeacon.bind(navigator);
  navigator.sendBeacon = (url, body) => {
    for (const sent of JSON.parse(body).events) note({ title: titleOf(sent), status: 'sent by beacon', sent });
    return beacon(url, body);
  };
  addEventListener('offline', () => note({ title: 'Offline', status: 'events wait' }));
  addEventListener('online', () => note({ title: 'Online again', status: 'sending' }));
  addEventListener('DOMContentLoaded', show);

  function titleOf({ type = 'step', step }) {
    return type === 'step' ? `Step “${step}”` : { arrival: 'Arrival', interaction: 'Sign of a person' }[type];
  }

  function note(entry) {
    log.unshift(entry);
    sessionStorage.setItem('panel', JSON.stringify(log.slice(0, 40)));
    if (document.readyState !== 'loading') show();
  }

  function show() {
    const ladder = LADDERS[variant];
    const taken = new Set(
      log.filter(({ answer }) => /recorded|duplicate/.test(answer?.status)).map(({ sent }) => sent.step),
    );
    const furthest = ladder ? ladder.findLastIndex(([id]) => taken.has(id)) : -1;
    document
      .querySelector('aside')
      .replaceChildren(
        element('h2', { id: 'behind' }, 'Behind the page'),
        ladder
          ? element(
              'p',
              {},
              'The redirect gave you the variant ',
              element('b', {}, variant),
              '. Its ladder, and how far you are:',
            )
          : element('p', {}, 'Nothing was sent yet. Enter, and this fills up.'),
        ...(ladder ? [rungs(ladder, furthest)] : []),
        element(
          'ol',
          { class: 'log', 'aria-live': 'polite', 'aria-label': 'Requests, newest first' },
          ...log.map(line),
        ),
      );
  }

  function rungs(ladder, furthest) {
    return element(
      'ol',
      { class: 'rungs' },
      ...ladder.map(([, name], i) => {
        const taken = i <= furthest;
        const tick = taken ? [element('span', { role: 'img', 'aria-label': 'taken' }, '✓')] : [];
        const rung = element('li', taken ? { class: 'taken' } : {}, name, ...tick);
        rung.style.setProperty('--rung', i);
        return rung;
      }),
    );
  }

  function line({ title, status, sent, answer }) {
    const pill = element('span', { class: `pill ${status === 'recorded' ? 'recorded' : ''}` }, status);
    const text = [sent, answer]
      .filter(Boolean)
      .map((each) => JSON.stringify(each, null, 1))
      .join('\n→ ');
    return element(
      'li',
      {},
      element('h3', {}, title, pill),
      ...(text ? [element('details', {}, element('summary', {}, 'what was sent'), element('pre', {}, text))] : []),
    );
  }

  function element(name, attributes, ...content) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...content);
    return made;
  }
})();
