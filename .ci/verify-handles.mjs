// Judges the vectors of handles by docs/spec/handles.md. It shares no code with ours: the curve is @noble/curves, the hashes
// are @noble/hashes, the rest stands here. Usage: node verify-handles.mjs FILE-OR-FOLDER...; fails where a verdict differs.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { basename, join } from 'node:path';
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';

class Refusal extends Error {
  constructor(reason) { super(reason); this.reason = reason; }
}
const refuse = (reason) => { throw new Refusal(reason); };
const check = (condition, reason) => { if (!condition) refuse(reason); };
const verdictOf = (judge) => {
  try { judge(); return 'VALID'; } catch (e) { if (e instanceof Refusal) return e.reason; throw e; }
};

// --- bytes

const ascii = (text) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const concat = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
const hex = (bytes) => [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (b) => parseInt(b, 16));
const u64be = (n) => unhex(BigInt(n).toString(16).padStart(16, '0'));
const equal = (a, b) => a.length === b.length && a.every((value, i) => value === b[i]);
const little = (bytes) => BigInt(`0x${hex([...bytes].reverse())}`);

const URL64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const UPPER32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const LOWER32 = UPPER32.toLowerCase();

/** The bytes of a text of `bits` a character, or null: no character too many, no bits to spare that are set. */
function decode(text, alphabet, bits) {
  const bytes = [];
  let waiting = 0;
  let count = 0;
  for (const c of text) {
    const value = alphabet.indexOf(c);
    if (value < 0) return null;
    waiting = (waiting << bits) | value;
    count += bits;
    if (count >= 8) {
      count -= 8;
      bytes.push(waiting >> count);
      waiting &= (1 << count) - 1;
    }
  }
  return count < bits && waiting === 0 ? Uint8Array.from(bytes) : null;
}
function encode(bytes, alphabet, bits) {
  let text = '';
  let waiting = 0;
  let count = 0;
  for (const b of bytes) {
    waiting = (waiting << 8) | b;
    count += 8;
    while (count >= bits) {
      count -= bits;
      text += alphabet[waiting >> count];
      waiting &= (1 << count) - 1;
    }
  }
  return count > 0 ? text + alphabet[waiting << (bits - count)] : text;
}
const base64url = (text) => (text === '' ? null : decode(text, URL64, 6));
const toBase64url = (bytes) => encode(bytes, URL64, 6);
const bytesOf = (text, size) => { const b = base64url(text); return b && b.length === size ? b : null; };

// --- strict JSON (2.2): objects become Maps, numbers become {number: text}

const BLANKS = ' \t\n\r';
function parseJson(text, reason) {
  let at = 0;
  const fail = () => refuse(reason);
  const skip = () => { while (at < text.length && BLANKS.includes(text[at])) at++; };
  const expect = (c) => { if (text[at] !== c) fail(); at++; };
  function string() {
    expect('"');
    let out = '';
    for (;;) {
      if (at >= text.length) fail();
      const c = text[at++];
      if (c === '"') break;
      if (c < ' ') fail();
      if (c !== '\\') { out += c; continue; }
      const e = text[at++];
      if (e === 'u') {
        const digits = text.slice(at, at + 4);
        if (!/^[0-9a-fA-F]{4}$/.test(digits)) fail();
        out += String.fromCharCode(parseInt(digits, 16));
        at += 4;
      } else {
        const known = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
        if (e === undefined || !Object.hasOwn(known, e)) fail();
        out += known[e];
      }
    }
    if (!out.isWellFormed()) fail();
    return out;
  }
  function value(depth) {
    const c = text[at];
    if (c === '"') return string();
    if (c === '{' || c === '[') {
      if (depth === 8) fail();
      at++;
      skip();
      const object = c === '{';
      const members = new Map();
      const items = [];
      if (text[at] === (object ? '}' : ']')) { at++; return object ? members : items; }
      for (;;) {
        skip();
        if (object) {
          const name = string();
          skip();
          expect(':');
          skip();
          const member = value(depth + 1);
          if (members.has(name)) fail();
          members.set(name, member);
        } else {
          items.push(value(depth + 1));
        }
        skip();
        if (text[at] === ',') { at++; continue; }
        expect(object ? '}' : ']');
        return object ? members : items;
      }
    }
    for (const [word, meaning] of [['true', true], ['false', false], ['null', null]]) {
      if (text.startsWith(word, at)) { at += word.length; return meaning; }
    }
    const number = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/.exec(text.slice(at))?.[0];
    if (!number) fail();
    at += number.length;
    const nearest = Number(number);
    if (!Number.isFinite(nearest) || (nearest === 0 && /[1-9]/.test(number.split(/[eE]/)[0]))) fail();
    return { number };
  }
  skip();
  const result = value(0);
  skip();
  if (at !== text.length) fail();
  return result;
}
function parseJsonBytes(bytes, reason) {
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    refuse(reason);
  }
  return parseJson(text, reason);
}
const everywhere = (json, test) => test(json) && (json instanceof Map
  ? [...json.values()].every((member) => everywhere(member, test))
  : !Array.isArray(json) || json.every((item) => everywhere(item, test)));

// --- keys and signatures (2.4, 2.5)

const Point = ed25519.Point;
const L = Point.Fn.ORDER;
function strongPoint(bytes) {
  try {
    const point = Point.fromBytes(Uint8Array.from(bytes), false);
    return equal(point.toBytes(), bytes) && !point.is0() && point.isTorsionFree() ? point : null;
  } catch {
    return null;
  }
}
class Key {
  constructor(bytes) {
    check(bytes, 'MALFORMED_MEMBER');
    this.bytes = bytes;
    this.point = strongPoint(bytes);
    check(this.point, 'WEAK_KEY');
    this.x = toBase64url(bytes);
    this.kid = toBase64url(sha256(ascii(`{"crv":"Ed25519","kty":"OKP","x":"${this.x}"}`)));
  }
  verifies(message, signature) {
    if (signature.length !== 64) return false;
    const r = strongPoint(signature.subarray(0, 32));
    const s = little(signature.subarray(32));
    if (!r || s >= L) return false;
    const k = little(sha512(concat(signature.subarray(0, 32), this.bytes, message))) % L;
    const right = k === 0n ? r : r.add(this.point.multiply(k));
    return (s === 0n ? Point.ZERO : Point.BASE.multiply(s)).equals(right);
  }
}
const keys = new Map();
function key(x) {
  if (!keys.has(x)) keys.set(x, new Key(bytesOf(x, 32)));
  return keys.get(x);
}

// --- hashes (2.7)

const opId = (payload) => toBase64url(sha256(concat(ascii('signet-op/v1\0'), u64be(payload.length), payload)));
const idOf = (payload) => `n1${encode(sha256(concat(ascii('signet-id/v1\0'), payload)), LOWER32, 5)}`;

// --- handles (1)

const NEVER = [[0x80, 0xA0], [0xAD, 0xAD], [0x180E, 0x180E], [0x2000, 0x200B], [0x200E, 0x200F], [0x2024, 0x2026],
  [0x2028, 0x202F], [0x205F, 0x206F], [0x2100, 0x2101], [0x2105, 0x2106], [0x2488, 0x249B], [0x3000, 0x3000], [0x3002, 0x3002],
  [0xD800, 0xF8FF], [0xFDD0, 0xFDEF], [0xFE00, 0xFE1F], [0xFE47, 0xFE6F], [0xFE74, 0xFFFF], [0xE0000, 0x10FFFF]];
const adapt = (delta, size, first) => {
  let rest = Math.floor(delta / (first ? 700 : 2));
  rest += Math.floor(rest / size);
  let k = 0;
  for (; rest > 455; k += 36) rest = Math.floor(rest / 35);
  return k + Math.floor((36 * rest) / (rest + 38));
};
const threshold = (k, bias) => Math.max(1, Math.min(26, k - bias));
const DIGITS36 = 'abcdefghijklmnopqrstuvwxyz0123456789';
function punycodeDecode(text) {
  const delimiter = text.lastIndexOf('-');
  const out = [...text.slice(0, Math.max(0, delimiter))].map((c) => c.codePointAt(0));
  let [n, i, bias] = [0x80, 0, 72];
  for (let at = delimiter + 1; at < text.length;) {
    const before = i;
    for (let [weight, k] = [1, 36]; ; k += 36) {
      const digit = at < text.length ? DIGITS36.indexOf(text[at++]) : -1;
      if (digit < 0) return null;
      i += digit * weight;
      if (i > 2 ** 40) return null;
      const t = threshold(k, bias);
      if (digit < t) break;
      weight *= 36 - t;
    }
    const size = out.length + 1;
    bias = adapt(i - before, size, before === 0);
    n += Math.floor(i / size);
    if (n > 0x10FFFF) return null;
    out.splice(i % size, 0, n);
    i = (i % size) + 1;
  }
  return out;
}
function punycodeEncode(codePoints) {
  let out = String.fromCodePoint(...codePoints.filter((c) => c < 0x80));
  const basic = out.length;
  let [handled, n, delta, bias] = [basic, 0x80, 0, 72];
  if (basic > 0) out += '-';
  while (handled < codePoints.length) {
    const next = Math.min(...codePoints.filter((c) => c >= n));
    delta += (next - n) * (handled + 1);
    n = next;
    for (const c of codePoints) {
      if (c < n) delta++;
      if (c !== n) continue;
      let rest = delta;
      for (let k = 36; ; k += 36) {
        const t = threshold(k, bias);
        if (rest < t) break;
        out += DIGITS36[t + ((rest - t) % (36 - t))];
        rest = Math.floor((rest - t) / (36 - t));
      }
      out += DIGITS36[rest];
      bias = adapt(delta, handled + 1, handled === basic);
      delta = 0;
      handled++;
    }
    delta++;
    n++;
  }
  return out;
}
function isLabel(label) {
  if (!/^[a-z0-9-]{1,63}$/.test(label) || /[\n\r]/.test(label) || label.startsWith('-') || label.endsWith('-')) return false;
  if (label.slice(2, 4) !== '--') return true;
  if (!label.startsWith('xn--')) return false;
  const decoded = punycodeDecode(label.slice(4));
  return decoded !== null && decoded.some((c) => c >= 0x80) && punycodeEncode(decoded) === label.slice(4)
    && !decoded.some((c) => NEVER.some(([first, last]) => c >= first && c <= last));
}
const isDomain = (text) => {
  const labels = text.split('.');
  return text.length <= 253 && labels.length >= 2 && labels.every(isLabel) && /^[a-z]/.test(labels.at(-1));
};
function isServerName(text) {
  const [, host, , port] = /^(\[[^\]]*\]|[^:[\]]*)(:([0-9]{1,5}))?$/.exec(text) ?? [];
  if (host === undefined || text.includes('\n') || text.length > 230 || (port !== undefined && !(port >= 1 && port <= 65_535))) return false;
  if (host.startsWith('[')) return /^[0-9a-fA-F:.]{2,45}$/.test(host.slice(1, -1)) && isIPv6(host.slice(1, -1));
  const labels = host.split('.');
  if (!labels.every((label) => /^[A-Za-z0-9-]{1,63}$/.test(label) && !label.startsWith('-') && !label.endsWith('-'))) return false;
  return !/^([0-9]+|0[xX][0-9a-fA-F]*)$/.test(labels.at(-1))
    || (labels.length === 4 && labels.every((label) => /^(0|[1-9][0-9]{0,2})$/.test(label) && label <= 255));
}
function handle(text) {
  const parts = text.split('@');
  check(parts.length === 2, 'HANDLE_SHAPE');
  check(parts[0].length <= 32 && /^[a-z0-9]+([._-][a-z0-9]+)*$/.test(parts[0]) && !parts[0].includes('\n'),
    'HANDLE_LOCAL_PART');
  check(isDomain(parts[1]), 'HANDLE_DOMAIN');
  return text;
}

// --- envelopes (2)

const TYPS = { identity: 'signet-identity+jws', binding: 'signet-binding+jws', pop: 'signet-pop+jws', status: 'signet-status+jws' };
const isExactly = (json, names) => json instanceof Map && json.size === names.length && names.every((name) => json.has(name));
const isString = (json) => typeof json === 'string';
function envelope(text) {
  const utf8 = new TextEncoder().encode(text);
  check(utf8.length <= 24_576, 'ENVELOPE_TOO_LARGE');
  const json = parseJson(text, 'ENVELOPE_NOT_STRICT_JSON');
  check(isExactly(json, ['payload', 'signatures']) && isString(json.get('payload')) && Array.isArray(json.get('signatures'))
    && json.get('signatures').every((part) => isExactly(part, ['protected', 'signature']) && [...part.values()].every(isString)),
  'ENVELOPE_SHAPE');
  const parts = json.get('signatures');
  check(parts.length >= 1 && parts.length <= 20, 'SIGNATURE_COUNT');
  const payload = base64url(json.get('payload')) ?? refuse('NOT_BASE64URL');
  check(payload.length <= 8192, 'PAYLOAD_TOO_LARGE');
  const signatures = new Map();
  let typ;
  for (const part of parts) {
    const header = parseJsonBytes(base64url(part.get('protected')) ?? refuse('NOT_BASE64URL'), 'HEADER_NOT_STRICT_JSON');
    check(isExactly(header, ['alg', 'typ', 'kid']) && [...header.values()].every(isString), 'HEADER_SHAPE');
    check(header.get('alg') === 'Ed25519', 'WRONG_ALG');
    check(Object.values(TYPS).includes(header.get('typ')) && (typ ?? header.get('typ')) === header.get('typ'), 'WRONG_TYP');
    typ = header.get('typ');
    check(bytesOf(header.get('kid'), 32), 'MALFORMED_KID');
    check(!signatures.has(header.get('kid')), 'DUPLICATE_KID');
    const signature = base64url(part.get('signature')) ?? refuse('NOT_BASE64URL');
    check(signature.length === 64, 'SIGNATURE_LENGTH');
    signatures.set(header.get('kid'), { signature, input: ascii(`${part.get('protected')}.${json.get('payload')}`) });
  }
  return { typ, payload, signatures };
}
const isSignedBy = (jws, by) => by.verifies(jws.signatures.get(by.kid).input, jws.signatures.get(by.kid).signature);

/** Signatures (4.5, 5.2): every one of `added`, and besides one of `authorities`, which is given back. */
function signers(jws, added, authorities) {
  const ofAdded = added.map((k) => k.kid);
  const allowing = authorities.filter((k) => !ofAdded.includes(k.kid));
  for (const kid of jws.signatures.keys()) {
    check(ofAdded.includes(kid) || allowing.some((k) => k.kid === kid), 'UNKNOWN_SIGNER');
  }
  check(ofAdded.every((kid) => jws.signatures.has(kid)), 'MISSING_SIGNATURE');
  return {
    authority() {
      const by = allowing.filter((k) => jws.signatures.has(k.kid));
      check(by.length > 0, 'NO_AUTHORITY');
      check(by.length === 1, 'SUPERFLUOUS_SIGNATURE');
      return by[0];
    },
    verify() {
      const all = [...added, ...allowing].filter((k) => jws.signatures.has(k.kid));
      check(all.every((k) => isSignedBy(jws, k)), 'BAD_SIGNATURE');
    },
  };
}
function soleSigner(jws, candidates) {
  const first = jws.signatures.keys().next().value;
  const by = candidates.find((k) => k.kid === first) ?? refuse('UNKNOWN_SIGNER');
  check(jws.signatures.size === 1, 'SUPERFLUOUS_SIGNATURE');
  check(isSignedBy(jws, by), 'BAD_SIGNATURE');
}

// --- payloads (3)

function payloadOf(jws, kind) {
  check(jws.typ === TYPS[kind], 'WRONG_TYP');
  const json = parseJsonBytes(jws.payload, 'PAYLOAD_NOT_STRICT_JSON');
  check(json instanceof Map, 'PAYLOAD_NOT_STRICT_JSON');
  check(everywhere(json, (value) => value !== null), 'NULL_VALUE');
  check(everywhere(json, (value) => !value.number || (/^(0|-?[1-9][0-9]*)$/.test(value.number)
    && BigInt(value.number) < 2n ** 53n && BigInt(value.number) > -(2n ** 53n))), 'NOT_AN_INTEGER');
  check(json.get('t') === `signet.${kind}.v1`, 'WRONG_T');
  return json;
}
const MALFORMED = 'MALFORMED_MEMBER';
const FORMS = {
  count: (value) => (value.number && !value.number.startsWith('-') ? Number(value.number) : refuse(MALFORMED)),
  hash: (value) => (isString(value) && bytesOf(value, 32) ? value : refuse(MALFORMED)),
  chance: (value) => (isString(value) && bytesOf(value, 16) ? value : refuse(MALFORMED)),
  domain: (value) => (isString(value) && isDomain(value) ? value : refuse(MALFORMED)),
  handle: (value) => (isString(value) && verdictOf(() => handle(value)) === 'VALID' ? value : refuse(MALFORMED)),
  id: (value) => (isString(value) && value.length === 54 && value.startsWith('n1') && decode(value.slice(2), LOWER32, 5)
    ? value : refuse(MALFORMED)),
  url: (value) => (isString(value) && /^[!-~]{1,512}$/.test(value) && !value.includes('\n') ? value : refuse(MALFORMED)),
  key: (value) => key(isString(value) ? value : refuse(MALFORMED)),
  object: (value) => (value instanceof Map ? value : refuse(MALFORMED)),
  word: (...words) => (value) => (words.includes(value) ? value : refuse(MALFORMED)),
  keys: (most, reason) => (value) => {
    check(Array.isArray(value), MALFORMED);
    check(value.length >= 1 && value.length <= most, reason);
    return value.map(FORMS.key);
  },
  userId: (value) => (isString(value) && value.length <= 255 && /^@[!-9;-~]+:/.test(value)
    && isServerName(value.slice(value.indexOf(':') + 1)) ? value : refuse(MALFORMED)),
};
/** Members by their table: `forms` in order; names that end in '?' may be absent, unless they are `needed`. */
function read(json, forms, others = []) {
  const names = Object.keys(forms).map((name) => name.replace('?', ''));
  check([...json.keys()].every((name) => names.includes(name) || others.includes(name)), 'UNEXPECTED_MEMBER');
  const out = {};
  for (const [name, form] of Object.entries(forms)) {
    const plain = name.replace('?', '');
    if (!json.has(plain) && name.endsWith('?') && !form.needed?.(out)) continue;
    check(json.has(plain), 'MISSING_MEMBER');
    out[plain] = form(json.get(plain), out);
  }
  return out;
}

// --- identities (4)

const OPS = ['genesis', 'update', 'recover', 'deactivate'];
function operation(jws) {
  const json = payloadOf(jws, 'identity');
  const op = json.get('op');
  check(OPS.includes(op), 'WRONG_OP');
  const genesis = op === 'genesis';
  const { id, home, seq, prev, epoch, iat, rnd, recovery, devices, revoked } = {
    ...read(json, {
      ...(genesis ? {} : { id: FORMS.id }),
      home: FORMS.domain,
      seq: FORMS.count,
      ...(genesis ? {} : { prev: FORMS.hash }),
      epoch: FORMS.count,
      iat: FORMS.count,
      ...(genesis ? { rnd: FORMS.chance } : {}),
      recovery: FORMS.keys(3, 'RECOVERY_COUNT'),
      devices: FORMS.keys(genesis ? 1 : 16, 'DEVICE_COUNT'),
      revoked: (value) => {
        check(Array.isArray(value), MALFORMED);
        return value.map((item, i) => {
          FORMS.object(item);
          check(i < 16, MALFORMED);
          return read(item, { kid: FORMS.hash, why: FORMS.word('lost', 'stolen', 'retired', 'untrusted') });
        });
      },
    }, ['t', 'op']),
  };
  const listed = [...recovery, ...devices].map((k) => k.x);
  check(new Set(listed).size === listed.length, 'DUPLICATE_KEY');
  return { op, id, home, seq, prev, epoch, iat, rnd, recovery, devices, revoked: revoked.map((r) => r.kid) };
}
const xs = (list) => list.map((k) => k.x);
const same = (one, other) => equal(xs(one), xs(other));
const without = (list, others) => list.filter((k) => !xs(others).includes(k.x));
function firstDifference(one, other) {
  let at = 0;
  while (at < one.length && at < other.length && one[at].x === other[at].x) at++;
  return at;
}
function row(before, next) {
  const differs = [next.home !== before.home, !same(next.recovery, before.recovery), !same(next.devices, before.devices)];
  const count = differs.filter(Boolean).length;
  if (next.op === 'deactivate') {
    check(count === 0, 'MIXED_CHANGES');
    return 'deactivate';
  }
  check(count > 0, 'NO_CHANGE');
  check(count === 1, 'MIXED_CHANGES');
  if (next.op === 'recover') {
    check(differs[2], 'MIXED_CHANGES');
    return 'recover';
  }
  if (differs[0]) return 'home';
  if (differs[1]) return 'recovery';
  const added = without(next.devices, before.devices);
  const removed = without(before.devices, next.devices);
  if (added.length === 0 && removed.length === 0) return 'order';
  if (added.length === 0) {
    check(same(without(before.devices, removed), next.devices), 'MIXED_CHANGES');
    return 'revoke';
  }
  check(same(next.devices, [...before.devices, added[0]]), 'MIXED_CHANGES');
  return 'add';
}
function genesis(jws) {
  const first = operation(jws);
  check(first.op === 'genesis', 'NOT_GENESIS');
  check(first.seq === 0, 'WRONG_SEQ');
  check(first.revoked.length === 0, 'WRONG_REVOKED');
  check(first.epoch === 0, 'WRONG_EPOCH');
  const listed = [...first.recovery, ...first.devices];
  signers(jws, listed, []).verify();
  return { ...first, id: idOf(jws.payload), head: opId(jws.payload), ever: new Set(xs(listed)), byDevices: 0, byRecovery: 0,
    history: [] };
}
function apply(state, jws) {
  const next = operation(jws);
  check(next.op !== 'genesis', 'SECOND_GENESIS');
  check(state.op !== 'deactivate', 'DEACTIVATED');
  check(next.id === state.id, 'WRONG_ID');
  check(next.seq === state.seq + 1, 'WRONG_SEQ');
  check(next.prev === state.head, 'WRONG_PREV');
  const change = row(state, next);
  const before = [...state.recovery, ...state.devices];
  const after = [...next.recovery, ...next.devices];
  const added = without(after, before);
  check(!added.some((k) => state.ever.has(k.x)), 'KEY_REUSED');
  check(equal(next.revoked, without(before, after).map((k) => k.kid)), 'WRONG_REVOKED');
  check(next.epoch === state.epoch + (['recovery', 'recover'].includes(change) ? 1 : 0), 'WRONG_EPOCH');
  const by = signers(jws, added, before);
  const authority = by.authority();
  const position = xs(state.devices).indexOf(authority.x);
  const byDevice = position >= 0;
  check(!byDevice || ['add', 'revoke'].includes(change), 'NEEDS_RECOVERY_KEY');
  if (byDevice && change === 'revoke') {
    check(without(state.devices, next.devices).every((k) => xs(state.devices).indexOf(k.x) >= position), 'JUNIOR_SIGNER');
  }
  if (change === 'recovery') {
    check(xs(state.recovery).indexOf(authority.x) <= firstDifference(state.recovery, next.recovery), 'LOWER_PRIORITY');
  }
  check(!byDevice || state.byDevices < 1000, 'DEVICE_BUDGET');
  check(byDevice || change === 'deactivate' || state.byRecovery < 200, 'RECOVERY_BUDGET');
  by.verify();
  return { ...next, head: opId(jws.payload), ever: added.length ? new Set([...state.ever, ...xs(added)]) : state.ever,
    byDevices: state.byDevices + (byDevice ? 1 : 0),
    byRecovery: state.byRecovery + (byDevice || change === 'deactivate' ? 0 : 1), history: [...state.history, state] };
}
function chain(texts, onStep = () => {}) {
  check(texts.length > 0, 'EMPTY_CHAIN');
  let state;
  texts.forEach((text, at) => {
    onStep(at);
    const jws = envelope(text);
    state = at === 0 ? genesis(jws) : apply(state, jws);
  });
  return state;
}
const stateAt = (state, seq) => [...state.history, state][seq];

// --- bindings (5)

const PREV = Object.assign((value, { seq }) => (seq === 0 ? refuse('UNEXPECTED_MEMBER') : FORMS.hash(value)),
  { needed: ({ seq }) => seq > 0 });
function bindingOf(jws) {
  const b = read(payloadOf(jws, 'binding'), {
    h: FORMS.handle,
    id: FORMS.id,
    seq: FORMS.count,
    'prev?': PREV,
    head: FORMS.hash,
    hs: FORMS.count,
    epoch: FORMS.count,
    st: FORMS.word('active', 'moved', 'released'),
    'to?': FORMS.handle,
    iat: FORMS.count,
    exp: FORMS.count,
    rnd: FORMS.chance,
    'reach?': (value) => read(FORMS.object(value), { matrix: FORMS.userId, 'matrix_master_key?': FORMS.key }),
    'ext?': FORMS.object,
  }, ['t']);
  check((b.st === 'moved') === (b.to !== undefined) && b.to !== b.h, 'MOVED_TO');
  check(b.exp > b.iat && b.exp - b.iat <= 400 * 86_400, 'EXPIRY');
  check(b.seq > 0 || b.st === 'active', 'FIRST_NOT_ACTIVE');
  return b;
}
function verifyBinding(jws, identity) {
  const b = bindingOf(jws);
  check(b.id === identity.id, 'WRONG_ID');
  const then = stateAt(identity, b.hs) ?? refuse('UNKNOWN_HEAD');
  check(then.head === b.head, 'WRONG_HEAD');
  check(then.epoch === b.epoch, 'WRONG_EPOCH');
  check(then.op !== 'deactivate', 'DEACTIVATED');
  const master = b.reach?.matrix_master_key;
  const by = signers(jws, master ? [master] : [], [...then.recovery, ...then.devices]);
  const authority = by.authority();
  const byRecovery = xs(then.recovery).includes(authority.x);
  check(b.st === 'active' || byRecovery, 'NEEDS_RECOVERY_KEY');
  check(b.seq > 0 || !byRecovery, 'NEEDS_DEVICE');
  by.verify();
  return { ...b, opId: opId(jws.payload), authority, byRecovery };
}
function mustFollow(b, before) {
  check(b.h === before.h, 'WRONG_HANDLE');
  check(b.id === before.id, 'WRONG_ID');
  check(b.seq === before.seq + 1, 'WRONG_SEQ');
  check(b.prev === before.opId, 'WRONG_PREV');
  check(b.hs >= before.hs, 'HEAD_WENT_BACK');
  check(b.st === 'active' || before.st !== 'released', 'RELEASED');
  if (b.st === 'active') {
    check(before.st === 'active' || b.byRecovery, 'NEEDS_RECOVERY_KEY');
    check(before.st !== 'active' || !b.byRecovery, 'NEEDS_DEVICE');
  }
}
function standing(b, newest) {
  if (newest.op === 'deactivate') return 'IDENTITY_DEACTIVATED';
  if (b.epoch < newest.epoch) return 'EPOCH_OVER';
  return xs(b.byRecovery ? newest.recovery : newest.devices).includes(b.authority.x) ? 'FRESH' : 'SIGNER_REVOKED';
}

// --- proofs, statuses, cards, fingerprints (6 to 9)

function verifyProof(jws, signer, expected) {
  const p = read(payloadOf(jws, 'pop'), { aud: FORMS.url, nonce: FORMS.hash, b: FORMS.hash, htm: FORMS.word('POST', 'PUT'),
    htu: FORMS.url, iat: FORMS.count }, ['t']);
  check(p.aud === expected.aud, 'WRONG_AUDIENCE');
  check(p.nonce === expected.nonce, 'WRONG_NONCE');
  check(p.b === expected.b, 'WRONG_BINDING');
  check(p.htm === expected.htm && p.htu === expected.htu, 'WRONG_REQUEST');
  soleSigner(jws, [signer]);
}
function verifyStatus(jws, statusKeys) {
  const s = read(payloadOf(jws, 'status'), { h: FORMS.handle, id: FORMS.id, seq: FORMS.count, op_id: FORMS.hash, head: FORMS.hash,
    st: FORMS.word('active', 'stale', 'lapsed', 'moved', 'released', 'suspended'), iat: FORMS.count, exp: FORMS.count }, ['t']);
  check(s.exp > s.iat && s.exp - s.iat <= 86_400, 'EXPIRY');
  soleSigner(jws, statusKeys);
  return s;
}
function contradicts(a, b) {
  if (a.h !== b.h || Math.abs(a.iat - b.iat) >= 7 * 86_400 - 7_200) return false;
  const [earlier, later] = a.iat <= b.iat ? [a, b] : [b, a];
  return a.id !== b.id || (a.seq === b.seq && a.op_id !== b.op_id) || (later.iat > earlier.iat + 3_600 && later.seq < earlier.seq);
}
function card(text) {
  check(text.length <= 1024, 'CARD_SHAPE');
  const link = /^https:\/\/(.*?)\/c#/s.exec(text);
  check(text.startsWith('SIGNET:') || (link && isServerName(link[1]) && !/[A-Z]/.test(link[1])), 'CARD_SHAPE');
  const code = text.startsWith('SIGNET:') ? text.slice(7) : text.slice(link[0].length);
  const bytes = decode(code, UPPER32, 5) ?? refuse('NOT_BASE32');
  check(bytes[0] === 1, 'CARD_VERSION');
  check(bytes.length >= 45 && bytes.length <= 331, 'CARD_LENGTH');
  const epoch = bytes[33] * 256 + bytes[34];
  const headSeq = bytes[35] * 256 + bytes[36];
  check(epoch <= headSeq, 'CARD_EPOCH');
  return { id: `n1${encode(bytes.subarray(1, 33), LOWER32, 5)}`, epoch, headSeq, headPrefix: hex(bytes.subarray(37, 45)),
    handle: bytes.length > 45 ? handle(String.fromCharCode(...bytes.subarray(45))) : undefined };
}
function mustAgree(c, identity) {
  check(c.id === identity.id, 'WRONG_ID');
  const then = stateAt(identity, c.headSeq) ?? refuse('UNKNOWN_HEAD');
  check(hex(base64url(then.head)).startsWith(c.headPrefix), 'WRONG_HEAD');
  check(then.epoch === c.epoch, 'WRONG_EPOCH');
}
function side(identity) {
  const recovery = identity.recovery.map((k) => k.bytes).sort((a, b) => (hex(a) < hex(b) ? -1 : 1));
  const material = concat(ascii('signet-fingerprint/v1\0'), ascii(identity.id), u64be(identity.epoch), [recovery.length],
    ...recovery);
  let hash = material;
  for (let i = 0; i < 5200; i++) hash = sha512(concat(hash, material));
  return [0, 5, 10, 15, 20, 25].map((at) => String(BigInt(`0x${hex(hash.subarray(at, at + 5))}`) % 100_000n).padStart(5, '0'))
    .join('');
}
const fingerprint = (one, other) => [side(one), side(other)].sort().join('').match(/.{5}/g).join(' ');

// --- the vectors

const JUDGES = {
  signatures(v) {
    return verdictOf(() => {
      check(v.signature.length === 128, 'SIGNATURE_LENGTH');
      check(new Key(unhex(v.key)).verifies(new TextEncoder().encode(v.message), unhex(v.signature)), 'BAD_SIGNATURE');
    });
  },
  chains(v) {
    let at = 0;
    let state;
    const verdict = verdictOf(() => { state = chain(v.operations, (step) => { at = step; }); });
    if (state) {
      const found = { id: state.id, head: state.head, seq: state.seq, epoch: state.epoch, home: state.home,
        recovery: xs(state.recovery), devices: xs(state.devices), deactivated: state.op === 'deactivate' };
      return differing(v, found) ?? verdict;
    }
    return v.at === at ? verdict : `${verdict} at ${at}`;
  },
  steps(v) {
    let state;
    for (const [at, step] of v.steps.entries()) {
      const verdict = verdictOf(() => {
        const jws = envelope(step.operation);
        state = state ? apply(state, jws) : genesis(jws);
      });
      if (verdict !== step.verdict) return `${verdict} at ${at}, and not ${step.verdict}`;
    }
    return 'VALID';
  },
  bindings(v) {
    const identity = chain(v.operations);
    let at = 0;
    let last;
    const opIds = [];
    const verdict = verdictOf(() => v.bindings.forEach((text, step) => {
      at = step;
      const binding = verifyBinding(envelope(text), identity);
      if (last) mustFollow(binding, last);
      last = binding;
      opIds.push(binding.opId);
    }));
    if (verdict === 'VALID') return differing(v, { standing: standing(last, identity), op_ids: opIds }) ?? verdict;
    return v.at === at ? verdict : `${verdict} at ${at}`;
  },
  proofs: (v) => verdictOf(() => verifyProof(envelope(v.proof), key(v.signer), v.expected)),
  statuses(v) {
    let found;
    const verdict = verdictOf(() => { found = v.statuses.map((text) => verifyStatus(envelope(text), v.keys.map(key))); });
    return found?.length === 2 ? differing(v, { contradicts: contradicts(...found) }) ?? verdict : verdict;
  },
  handles: (v) => verdictOf(() => handle(v.handle)),
  cards(v) {
    let found;
    const verdict = verdictOf(() => { found = card(v.card); });
    if (!found) return verdict;
    const agreement = v.operations && verdictOf(() => mustAgree(found, chain(v.operations)));
    return differing(v, { id: found.id, epoch: found.epoch, head_seq: found.headSeq, head_prefix: found.headPrefix, agreement,
      ...(v.id ? { handle: found.handle } : {}) }, v.id ? ['handle'] : []) ?? verdict;
  },
  fingerprints(v) {
    if (v.text !== undefined) return /^[0-9]{5}( [0-9]{5}){11}$/.test(v.text) && !v.text.includes('\n') ? 'VALID' : 'FINGERPRINT_SHAPE';
    return differing(v, { fingerprint: fingerprint(...v.chains.map((texts) => chain(texts))) }) ?? 'VALID';
  },
};
/** What differs between a vector and what was found, of the members that the vector has. */
function differing(vector, found, always = []) {
  const wrong = Object.entries(found).find(([name, value]) => (name in vector || always.includes(name))
    && JSON.stringify(vector[name]) !== JSON.stringify(value));
  return wrong && `${wrong[0]} is ${JSON.stringify(wrong[1])}`;
}

const files = process.argv.slice(2).flatMap((path) => (statSync(path).isDirectory()
  ? readdirSync(path).filter((name) => name.endsWith('.json')).sort().map((name) => join(path, name)) : [path]));
let judged = 0;
let wrong = 0;
for (const file of files) {
  const kind = basename(file, '.json').split('-')[0];
  const { vectors } = JSON.parse(readFileSync(file, 'utf8'));
  for (const vector of vectors) {
    judged++;
    const verdict = JUDGES[kind](vector);
    if (verdict !== vector.verdict) {
      wrong++;
      console.error(`${kind}: ${vector.name}: ${verdict}, and not ${vector.verdict}`);
    }
  }
  console.log(`${basename(file)}: ${vectors.length} vectors`);
}
if (judged === 0 || wrong > 0) {
  console.error(`${wrong} of ${judged} verdicts differ`);
  process.exit(1);
}
console.log(`${judged} verdicts, all the same`);
