import { picture } from './picture.ts';
import { roomImports, withoutDetours } from './room-graph.ts';

/** The picture of the page, between its marks. The bench is left out: it measures everything, so it imports everything. */
const PICTURE = /(?<=<!-- made by npm run graph -->\n)[\s\S]*?(?=\n<!-- end -->)/;

/** The page with the picture that the sources make today. */
export function withPicture(page: string): string {
  if (!PICTURE.test(page)) throw new Error('the page has no place for the picture: <!-- made by npm run graph -->');
  const imports = roomImports().filter(({ from }) => from !== 'bench');
  return page.replace(PICTURE, () => `\n\`\`\`mermaid\n${picture(withoutDetours(imports))}\n\`\`\`\n`);
}
