/** A kind of file that may be attached to a ticket. */
export interface FileType {
  readonly type: string;
  readonly extension: string;
}

const kind = (type: string, extension: string): FileType => ({ type, extension });

/** What may be attached, for the sentence that refuses the rest. */
export const ACCEPTED =
  'photos (JPEG, PNG, WebP, GIF, HEIC), PDF, video (MP4, MOV, WebM), plain text or logs, and ZIP or gzip';

function at(bytes: Uint8Array, offset: number, text: string): boolean {
  if (bytes.length < offset + text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[offset + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** ISO base media files say what they are by a brand (ISO/IEC 14496-12, 4.3). */
function brand(bytes: Uint8Array): FileType | null {
  if (!at(bytes, 4, 'ftyp')) return null;
  if (['heic', 'heix', 'hevc', 'mif1', 'msf1'].some((name) => at(bytes, 8, name))) return kind('image/heic', 'heic');
  return at(bytes, 8, 'qt  ') ? kind('video/quicktime', 'mov') : kind('video/mp4', 'mp4');
}

/** True for UTF-8 without control characters other than those of a log: tab, line ends, form feed, escape. */
function isText(bytes: Uint8Array): boolean {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return false;
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return !/[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\u007f]/.test(text);
}

/**
 * What a file is by its first bytes; null for what is not accepted. The sender's word for it is not asked: a page named `photo.jpg` is
 * text, and is handed out as text. Markup is text too.
 */
export function sniff(bytes: Uint8Array): FileType | null {
  if (bytes.length === 0) return null;
  if (at(bytes, 0, '\xff\xd8\xff')) return kind('image/jpeg', 'jpg');
  if (at(bytes, 0, '\x89PNG\r\n\x1a\n')) return kind('image/png', 'png');
  if (at(bytes, 0, 'GIF87a') || at(bytes, 0, 'GIF89a')) return kind('image/gif', 'gif');
  if (at(bytes, 0, 'RIFF') && at(bytes, 8, 'WEBP')) return kind('image/webp', 'webp');
  if (at(bytes, 0, '%PDF-')) return kind('application/pdf', 'pdf');
  if (at(bytes, 0, '\x1aE\xdf\xa3')) return kind('video/webm', 'webm');
  if (at(bytes, 0, 'PK\x03\x04')) return kind('application/zip', 'zip');
  if (at(bytes, 0, '\x1f\x8b')) return kind('application/gzip', 'gz');
  return brand(bytes) ?? (isText(bytes) ? kind('text/plain', 'txt') : null);
}

/** A name to keep a file by: no path, no control characters, no end of its own that lies about the kind, 120 characters at the most. */
export function fileName(given: string | undefined, { type, extension }: FileType): string {
  const bare = (given ?? '')
    .split(/[\\/]/)
    .at(-1)!
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u001f\u007f"<>|:*?\u200e\u200f\u202a-\u202e]/g, '')
    .trim();
  const stem = bare === '' || bare.startsWith('.') ? `file${bare}` : bare;
  const known = /\.([a-z0-9]{1,5})$/i.exec(stem)?.[1]?.toLowerCase();
  const fits =
    known === extension ||
    (type === 'text/plain' && ['log', 'csv', 'md', 'json'].includes(known ?? '')) ||
    (type === 'image/jpeg' && known === 'jpeg');
  const end = fits ? '' : `.${extension}`;
  return `${[...stem].slice(0, 120 - end.length).join('')}${end}`;
}
