/// <reference lib="dom" />
/** The sign of the house. */
export const Sign = ({ size = 26 }: { size?: number }) => (
  <svg class="sign" width={size} height={size * 0.77} viewBox="0 0 26 20" aria-hidden="true">
    <path
      d="M1 19h6v-5h6V9h6V4h6"
      fill="none"
      stroke="currentColor"
      stroke-width="2.4"
      stroke-linejoin="round"
      stroke-linecap="round"
    />
  </svg>
);

/** A ladder as a small staircase: as many treads as it has steps. */
export function MiniStairs({ steps, control }: { steps: number; control: boolean }) {
  const [tread, rise] = [9, 5];
  const width = (steps + 1) * tread;
  const height = steps * rise + 4;
  const path = Array.from({ length: steps }, () => `v-${rise}h${tread}`).join('');
  return (
    <svg
      class={control ? 'mini control' : 'mini'}
      width={width + 2}
      height={height}
      viewBox={`0 0 ${width + 2} ${height}`}
      aria-hidden="true"
    >
      <path
        d={`M1 ${height - 2}h${tread}${path}`}
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        stroke-linejoin="round"
        stroke-linecap="round"
      />
    </svg>
  );
}
