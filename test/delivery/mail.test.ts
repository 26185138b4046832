import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { mimeOf } from '#shared/deliver/mime.ts';
import type { Experiment } from '#shared/experiment/experiment.ts';
import { reportHtml } from '#shared/report/html.ts';
import { mailSubject, reportMail, slackMessage } from '#shared/report/mail.ts';
import { aReport, clearWinner, noDifference } from '../report/a-report.ts';
import { anExperiment, steps } from '../support/an-experiment.ts';

/** Named afterwards, as what was stored before names were held to one line may still be. */
function named(name: string): Experiment {
  const experiment = anExperiment({
    variants: [
      { id: 'one-ask', name: 'Köp nu', steps: steps('buy') },
      { id: 'ladder', name: 'Three <asks> & more', steps: steps('question', 'plan', 'buy') },
    ],
  });
  return { ...experiment, definition: { ...experiment.definition, name } };
}

describe('mimeOf', () => {
  const letter = async (name = 'One ask or three') => {
    const report = aReport({ experiment: named(name), daily: clearWinner });
    const attachment = { filename: 'checkout.html', html: reportHtml(report) };
    const mime = await mimeOf(
      { ...reportMail(report), to: ['ada@example.com'], attachment },
      'Stepladder <reports@example.com>',
    );
    return { report, attachment, mime, parsed: await PostalMime.parse(mime) };
  };

  it('makes a letter that a parser reads back whole: subject, both bodies, the report', async () => {
    const { report, attachment, parsed } = await letter();
    expect(parsed.subject).toBe('Winner: Three <asks> & more (One ask or three)');
    expect(parsed.subject).toBe(mailSubject(report));
    expect(parsed.from?.address).toBe('reports@example.com');
    expect(parsed.to?.map(({ address }) => address)).toEqual(['ada@example.com']);
    expect(parsed.text).toContain('What to do next\n- Conclude the experiment and give everyone Three <asks> & more.');
    expect(parsed.html).toContain('Three &lt;asks&gt; &amp; more');
    expect(parsed.html).not.toMatch(/<script|<svg|var\(--/);
    expect(parsed.attachments).toHaveLength(1);
    expect(parsed.attachments[0]).toMatchObject({
      filename: 'checkout.html',
      mimeType: 'text/html',
      disposition: 'attachment',
    });
    expect(new TextDecoder().decode(parsed.attachments[0]?.content as ArrayBuffer)).toBe(attachment.html);
  });

  it('keeps a name of an experiment from becoming a header', async () => {
    const { parsed, mime } = await letter('Trial\r\nBcc: everyone@example.com\r\n\r\nhello é');
    expect(parsed.bcc).toBeUndefined();
    expect(parsed.subject).toContain('Trial Bcc: everyone@example.com hello é');
    const [head = ''] = mime.toString().split('\r\n\r\n');
    expect(head).not.toMatch(/^Bcc:/im);
    expect(Buffer.from(head).every((byte) => byte < 128)).toBe(true);
  });

  it('keeps every line within what mail allows', async () => {
    const { mime } = await letter();
    expect(
      Math.max(
        ...mime
          .toString()
          .split('\r\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(998);
  });
});

describe('slackMessage', () => {
  it('escapes what Slack would take for a link or a mention', () => {
    const { text, blocks } = slackMessage(
      aReport({ experiment: named('<!channel> & <https://evil|here>'), daily: noDifference }),
    );
    expect(text).toContain('&lt;!channel&gt; &amp; &lt;https://evil|here&gt;');
    expect(JSON.stringify(blocks.slice(1))).not.toMatch(/<[!@#h]/);
  });
});
