/// <reference lib="dom" />
import { capital } from '#shared/report/say.ts';

export const Loading = ({ what, rows }: { what: string; rows: number }) => (
  <div class="loading" role="status">
    <span class="unseen">Loading {what}</span>
    {Array.from({ length: rows }, (_, i) => (
      <i key={i} />
    ))}
  </div>
);

export const Failed = ({ message, again }: { message: string; again: () => void }) => (
  <div class="failure" role="alert">
    <h2>That did not work</h2>
    <p>{capital(message)}</p>
    <button type="button" onClick={again}>
      Try again
    </button>
  </div>
);
