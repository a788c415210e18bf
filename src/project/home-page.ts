import { escapeMarkup as text } from '../checks/escape-markup.js';
import type { ServedUrl } from '../model/result.js';

/** What an environment of the local cloud serves. */
export interface Pictures {
  readonly name: string;
  readonly stage: string;
  /** Paths of mounts that are not public. */
  readonly closed: readonly string[];
  /** Some of the images. */
  readonly urls: readonly ServedUrl[];
  /** How many there are. */
  readonly served: number;
  /** When the page is looked at, in milliseconds since 1970. */
  readonly nowMs: number;
}

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1c2430; }
  ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: 1rem; list-style: none; padding: 0; }
  img { width: 100%; height: 9rem; object-fit: contain; background: #eef1f5; border-radius: .4rem; }
  a { color: inherit; overflow-wrap: anywhere; font-size: .85rem; }
  code { background: #eef1f5; padding: .1rem .35rem; border-radius: .25rem; }`;

/** What a browser sees at `/` of the local cloud: the images, each with its link, or how to get there. */
export function renderHome(pictures: Pictures | undefined): string {
  const title = pictures === undefined ? 'Nothing is served yet' : `${pictures.name}, stage ${pictures.stage}`;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${text(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${text(title)}</h1>`,
    ...(pictures === undefined ? howToBegin() : gallery(pictures)),
    '</body></html>',
    '',
  ].join('\n');
}

function howToBegin(): string[] {
  return [
    "<p>This is pixgate's local cloud. In the folder that it is served from, this brings images to it:</p>",
    '<p><code>pixgate up --target local --source ./images --access public</code></p>',
  ];
}

function gallery({ urls, served, closed, nowMs }: Pictures): string[] {
  const isOpen = ({ mount }: ServedUrl): boolean => !closed.includes(mount);
  const shown = urls.filter(isOpen);
  const items = shown.map(({ url, key }) => {
    // The server goes by more names than the one in its addresses.
    const { pathname } = new URL(url);
    // A browser that keeps an image for its max-age shows what was there before; nothing is keyed by a query.
    const fresh = text(`${pathname}?at=${nowMs}`);
    return `<li><a href="${fresh}"><img src="${fresh}" alt="" loading="lazy"><br>${text(key)}</a></li>`;
  });
  const more = served - urls.length;
  return [
    `<ul>${items.join('')}</ul>`,
    ...(more > 0 ? [`<p>and ${more} more</p>`] : []),
    ...closed.map(
      (path) =>
        `<p><code>${text(path)}</code> is not public: <code>pixgate access --target local</code> tells how it is called.</p>`,
    ),
  ];
}
