/** What becomes of a key: it may be served, perhaps with a word of warning, or it may not. */
export type KeyVerdict =
  | { readonly ok: true; readonly warning?: string }
  | { readonly ok: false; readonly reason: string };

/** Longest key that S3 takes, prefix included, in bytes of UTF-8. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const LONGEST_KEY_BYTES = 1024;

/** Characters the gateway has no safe way for, and why. */
const REFUSED: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/\p{Cs}/u, 'is half a character'],
  [/[\p{Cc}\p{Zl}\p{Zp}]/u, 'is a control character or a line break'],
  // Two names that look the same would be two images; variation selectors only pick the shape of an emoji.
  [/(?![\ufe0e\ufe0f])[\p{Cf}\p{Default_Ignorable_Code_Point}]/u, 'cannot be seen'],
  [/[\ufffd\p{Noncharacter_Code_Point}]/u, 'stands for a character that was lost'],
  // AWS: the gateway decodes %2B, then S3 signs a bare + as something else: SignatureDoesNotMatch. (source: aws/aws-sdk-java#1902)
  [/\+/, 'breaks the signature between API Gateway and S3'],
  // AWS: a % in a path parameter is encoded once more. (source: API Gateway Developer Guide, "Amazon API Gateway important notes")
  [/%/, 'is encoded twice by API Gateway'],
  // Parameters are decoded before they reach S3's address, where these would begin a query or a fragment, or split one.
  [/[?#&;]/, 'could turn a part of the name into a query'],
  // RFC 3986 lets none of these stand in a path, and backslash and quotes change meaning on the way.
  [/["'<>[\\\]^`{|}]/, 'cannot stand in the path of an address'],
];

/** Letters that every part of the way carries as they are. */
const PLAIN = /^[A-Za-z0-9._~/-]*$/;

/**
 * Judges whether an image can be served under a key.
 *
 * `prefix` is what the mount puts before it, counted towards S3's 1,024 bytes. Spaces, letters beyond ASCII and the
 * marks `! $ ( ) * , : = @` pass with a warning: nobody has recorded how they fare through a greedy path parameter.
 */
export function checkKey(key: string, prefix = ''): KeyVerdict {
  if (key === '') return refuse('the name is empty');
  const isPlain = PLAIN.test(key);
  for (const [pattern, why] of isPlain ? [] : REFUSED) {
    const character = pattern.exec(key)?.[0];
    if (character !== undefined) return refuse(`${nameCharacter(character)} ${why}`);
  }
  const bytes = Buffer.byteLength(prefix + key);
  if (bytes > LONGEST_KEY_BYTES) {
    return refuse(`the key has ${bytes} bytes with its prefix, more than the ${LONGEST_KEY_BYTES} that S3 takes`);
  }
  if (key.startsWith('/')) return refuse('the name begins with "/"');
  if (key.endsWith('/')) return refuse('the name ends with "/"');
  if (key.includes('//')) return refuse('the name holds "//"');
  const dots = key.split('/').find((segment) => segment === '.' || segment === '..');
  if (dots !== undefined) return refuse(`the name holds "${dots}", which clients resolve before they ask`);
  // AWS: no virtual-hosted request can name it. (source: S3 User Guide, "Naming Amazon S3 objects")
  if (prefix + key === 'soap') return refuse('"soap" is taken by S3');
  return isPlain ? { ok: true } : { ok: true, warning: warnOf(key) };
}

function refuse(reason: string): KeyVerdict {
  return { ok: false, reason };
}

function warnOf(key: string): string {
  const character = /[^A-Za-z0-9._~/-]/u.exec(key)?.[0] ?? '';
  const form = key === key.normalize('NFC') ? '' : ', and its accents are written apart from their letters (NFD)';
  return `${nameCharacter(character)} must be percent-encoded in addresses, which not every client does${form}`;
}

/** Names a character so that one can find it: itself where it can be seen, its number where not. */
function nameCharacter(character: string): string {
  if (character === ' ') return 'a space';
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const seen = /^(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{N}\p{P}\p{S}]$/u.test(character);
  return seen ? `"${character}"` : `U+${code}`;
}
