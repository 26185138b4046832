import type { Mailer, Topic } from '../usecases/delivery.ts';

/** E-mail by SES. The client is loaded when there is something to send, and in the report function only. */
export function sesMailer(from: string | undefined): Mailer {
  return async (letter) => {
    if (!from) throw new Error('no sender is set: deploy with REPORT_FROM, an address SES has verified');
    const { SESv2Client, SendEmailCommand } = await import('@aws-sdk/client-sesv2');
    const { mimeOf } = await import('./mime.ts');
    await new SESv2Client({ maxAttempts: 3 }).send(
      new SendEmailCommand({
        FromEmailAddress: from,
        Destination: { ToAddresses: [...letter.to] },
        Content: { Raw: { Data: await mimeOf(letter, from) } },
      }),
    );
  };
}

/** SNS takes a subject of 99 printable ASCII characters. */
const plainSubject = (subject: string): string =>
  subject
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 99) || 'Stepladder report';

export const snsTopic: Topic = async ({ topic, subject, text }) => {
  const { PublishCommand, SNSClient } = await import('@aws-sdk/client-sns');
  // The region is the topic's own: it stands in its ARN.
  await new SNSClient({ maxAttempts: 3, region: topic.split(':')[3] ?? '' }).send(
    new PublishCommand({ TopicArn: topic, Subject: plainSubject(subject), Message: text }),
  );
};
