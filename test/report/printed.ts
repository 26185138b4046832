import type { Page } from 'playwright-core';

/** Where a thing of a page came to lie on paper. */
export type Printed = {
  readonly what: string;
  readonly from: number;
  readonly until: number;
  readonly nextFrom?: number;
};

/**
 * Prints a page and says on which sheets each thing begins and ends, and the thing after it begins. A link keeps its address and
 * its sheet in a PDF, in plain text: so each thing is given one at its top and one at its foot, of no size that moves anything.
 */
export async function printed(page: Page, format: 'A4' | 'Letter', things: string): Promise<Printed[]> {
  const names = await page.evaluate(mark, things);
  const sheets = sheetsOfLinks((await page.pdf({ format })).toString('latin1'));
  const sheet = (name: string): number => {
    const found = sheets.get(name);
    if (found === undefined)
      throw new Error(`the link ${name} is not on paper: ${names[Number(name.split('-')[1])]?.what}`);
    return found;
  };
  return names.map(({ what, next }, i) => ({
    what,
    from: sheet(`top-${i}`),
    until: sheet(`foot-${i}`),
    ...(next === null ? {} : { nextFrom: sheet(`top-${next}`) }),
  }));
}

/** Runs in the page, so it is one function that knows nothing else. */
function mark(things: string): { what: string; next: number | null }[] {
  const { document } = globalThis as unknown as { document: ParentNode & { createElement: (name: string) => Marker } };
  const elements = [...document.querySelectorAll<Thing>(things)];
  elements.forEach((element, i) => {
    element.style.position = 'relative';
    for (const side of ['top', 'foot']) {
      const link = document.createElement('a');
      link.href = `https://place.example/${side}-${i}`;
      link.style.cssText = `position:absolute;left:0;width:4px;height:4px;${side === 'top' ? 'top' : 'bottom'}:0`;
      element.append(link);
    }
  });
  return elements.map((element) => {
    const next = elements.indexOf(element.nextElementSibling as Thing);
    return {
      what: `${element.localName}${element.className && `.${element.className}`}: ${(element.textContent ?? '').trim().slice(0, 60)}`,
      next: next < 0 ? null : next,
    };
  });
}

type Thing = Element & { style: { position: string } };
type Marker = Element & { href: string; style: { cssText: string } };

/** The objects of a PDF stand in it one after the other, its sheets in their order. */
function sheetsOfLinks(pdf: string): Map<string, number> {
  const objects = new Map(
    [...pdf.matchAll(/^(\d+) 0 obj\n([\s\S]*?)endobj/gm)].map(([, id, body]) => [id, body ?? '']),
  );
  const sheets = new Map<string, number>();
  for (const [i, sheet] of [...objects.values()].filter((body) => /\/Type \/Page\b/.test(body)).entries())
    for (const [, link = ''] of (sheet.match(/\/Annots \[([^\]]*)\]/)?.[1] ?? '').matchAll(/(\d+) 0 R/g)) {
      const name = objects.get(link)?.match(/place\.example\/([\w-]+)/)?.[1];
      if (name !== undefined) sheets.set(name, i + 1);
    }
  return sheets;
}
