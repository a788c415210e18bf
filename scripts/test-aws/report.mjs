// What may be shown to others: no account, no API, no name that was made.

/** The same document without any of the secrets, twelve-digit numbers, addresses and keys. */
export function mask(document, secrets) {
  let text = JSON.stringify(document);
  const longest = [...new Set(secrets)]
    .filter((is) => is !== undefined && is.length > 3)
    .sort((a, b) => b.length - a.length);
  for (const secret of longest) text = text.replaceAll(secret, '…');
  text = text.replace(/(?<!\d)\d{12}(?!\d)/g, '…').replace(/\b(AKIA|ASIA)[A-Z0-9]{16}\b/g, '…');
  return JSON.parse(text);
}

/** For reading, and for pasting into an issue. */
export function toMarkdown({ target, region, cache, at, stories, observations, left }) {
  const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
  const lines = [
    `# pixgate on ${target === 'aws' ? 'AWS' : 'the local cloud'}`,
    '',
    `${region}, ${cache ? 'with' : 'without'} a cache, ${at}.`,
    '',
    '| story | good | seen |',
    '|---|---|---|',
    ...stories.map(({ story, good, seen }) => `| ${story} | ${good ? 'yes' : '**no**'} | ${cell(seen)} |`),
    '',
    '| question | asked | seen |',
    '|---|---|---|',
    ...observations.map(({ question, asked, seen }) => `| ${cell(question)} | \`${cell(asked)}\` | ${cell(seen)} |`),
    '',
    left.length === 0 ? 'Nothing is left.' : `Left: ${left.join(', ')}.`,
    '',
  ];
  return lines.join('\n');
}
