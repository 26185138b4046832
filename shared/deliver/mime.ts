import MailComposer from 'nodemailer/lib/mail-composer';
import type { Letter } from '../usecases/delivery.ts';

/** The letter as MIME: text and HTML as alternatives, the report as an attachment. Header injection ends at the library's encoding. */
export function mimeOf({ to, subject, text, html, attachment }: Letter, from: string): Promise<Buffer> {
  return new MailComposer({
    from,
    to: [...to],
    subject,
    text,
    html,
    headers: { 'Auto-Submitted': 'auto-generated' },
    attachments: [{ filename: attachment.filename, content: attachment.html, contentType: 'text/html; charset=utf-8' }],
    // A letter is made of what we wrote; nothing in it may be read from a file or fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}
