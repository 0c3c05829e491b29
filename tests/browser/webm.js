// SPDX-License-Identifier: AGPL-3.0-or-later
// Frames that WebCodecs has encoded, as a WebM file that can be sought in: its
// length and its cues stand before the frames. (What MediaRecorder writes has
// neither.) Source: Matroska, RFC 9559; its ids are that document's.
const ID = {
  EBML: [0x1a, 0x45, 0xdf, 0xa3], Segment: [0x18, 0x53, 0x80, 0x67],
  Info: [0x15, 0x49, 0xa9, 0x66], Tracks: [0x16, 0x54, 0xae, 0x6b],
  Cues: [0x1c, 0x53, 0xbb, 0x6b], Cluster: [0x1f, 0x43, 0xb6, 0x75],
  SimpleBlock: [0xa3],
};

const bytes = (...parts) => Buffer.concat(parts.map((p) => Buffer.from(p)));

// A size of eight bytes, so that nothing moves when a number grows.
function element(id, ...content) {
  const body = bytes(...content);
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(body.length) | (1n << 56n));
  return bytes(id, size, body);
}

function uint(id, value) {
  const b = Buffer.alloc(8);
  b.writeBigUInt64BE(BigInt(value));
  return element(id, b);
}

function float(id, value) {
  const b = Buffer.alloc(8);
  b.writeDoubleBE(value);
  return element(id, b);
}

const text = (id, value) => element(id, Buffer.from(value, "utf8"));

function head() {
  return element(ID.EBML, uint([0x42, 0x86], 1), uint([0x42, 0xf7], 1),
    uint([0x42, 0xf2], 4), uint([0x42, 0xf3], 8), text([0x42, 0x82], "webm"),
    uint([0x42, 0x87], 4), uint([0x42, 0x85], 2));
}

function info(ms) {
  return element(ID.Info, uint([0x2a, 0xd7, 0xb1], 1_000_000),
    float([0x44, 0x89], ms), text([0x4d, 0x80], "everystep"),
    text([0x57, 0x41], "everystep"));
}

function tracks(film) {
  const video = element([0xe0], uint([0xb0], film.width),
    uint([0xba], film.height));
  return element(ID.Tracks, element([0xae], uint([0xd7], 1),
    uint([0x73, 0xc5], 1), uint([0x83], 1), text([0x86], "V_VP9"), video));
}

// One a key frame: whoever seeks begins to decode there.
function clusters(frames) {
  const out = [];
  for (const f of frames) {
    if (f.key) out.push({ ms: f.ms, frames: [] });
    out.at(-1).frames.push(f);
  }
  return out.map((c) => ({
    ms: c.ms,
    data: element(ID.Cluster, uint([0xe7], c.ms), ...c.frames.map((f) => {
      const block = Buffer.alloc(4);
      block[0] = 0x81;
      block.writeInt16BE(f.ms - c.ms, 1);
      block[3] = f.key ? 0x80 : 0;
      return element(ID.SimpleBlock, block, f.data);
    })),
  }));
}

function cues(all, firstAt) {
  let at = firstAt;
  return element(ID.Cues, ...all.map((c) => {
    const point = element([0xbb], uint([0xb3], c.ms),
      element([0xb7], uint([0xf7], 1), uint([0xf1], at)));
    at += c.data.length;
    return point;
  }));
}

/** film: {width, height, ms, frames: [{ms, key, data}]}, the first one a key
 *  frame. */
export function webm(film) {
  const before = bytes(info(film.ms), tracks(film));
  const all = clusters(film.frames);
  const size = cues(all, 0).length;
  return bytes(head(), element(ID.Segment, before,
    cues(all, before.length + size), ...all.map((c) => c.data)));
}
