import type { Answer, SearchProtocol } from "./search.ts";

const MAGIC = 0xca;
const PROTOCOL_VERSION = 2;
const BIG_ENDIAN = 0x80;
const SEARCH = 3;
const RESPONSE = 4;
const HEADER = 8;
const GUID = 12;
const UNICAST = 0x80;
const ADDRESS = 16;

/** pvAccess's search, by the protocol's specification. Servers have an identity of their own there, whatever address they answer from. */
export const pvaSearch: SearchProtocol = {
  request(names, first, port) {
    const head = Buffer.alloc(4 + 4 + ADDRESS + 2);
    head.writeUInt32BE(first, 0);
    head[4] = UNICAST;
    head.writeUInt16BE(port, 24);
    const channels = names.map((name, at) => {
      const id = Buffer.alloc(4);
      id.writeUInt32BE(first + at);
      return Buffer.concat([id, text(name)]);
    });
    const count = Buffer.alloc(2);
    count.writeUInt16BE(names.length);
    const body = Buffer.concat([head, Buffer.of(1), text("tcp"), count, ...channels]);
    const header = Buffer.of(MAGIC, PROTOCOL_VERSION, BIG_ENDIAN, SEARCH, 0, 0, 0, 0);
    header.writeUInt32BE(body.length, 4);
    return Buffer.concat([header, body]);
  },

  answers(datagram, sender) {
    const answers: Answer[] = [];
    for (let at = 0; at + HEADER <= datagram.length && datagram[at] === MAGIC; ) {
      const isBig = ((datagram[at + 2] ?? 0) & BIG_ENDIAN) !== 0;
      const size = isBig ? datagram.readUInt32BE(at + 4) : datagram.readUInt32LE(at + 4);
      const body = datagram.subarray(at + HEADER, at + HEADER + size);
      if (datagram[at + 3] === RESPONSE) answers.push(...response(body, isBig, sender));
      at += HEADER + size;
    }
    return answers;
  },
};

function response(body: Buffer, isBig: boolean, sender: string): Answer[] {
  const short = (at: number): number => (isBig ? body.readUInt16BE(at) : body.readUInt16LE(at));
  const long = (at: number): number => (isBig ? body.readUInt32BE(at) : body.readUInt32LE(at));
  const protocolAt = GUID + 4 + ADDRESS + 2;
  const foundAt = protocolAt + 1 + (body[protocolAt] ?? 0);
  if (body.length < foundAt + 3 || body[foundAt] === 0) return [];
  const ip = body.subarray(GUID + 4 + 12, GUID + 4 + 16);
  const host = ip.every((byte) => byte === 0) ? sender : [...ip].join(".");
  const address = `${host}:${short(protocolAt - 2)}`;
  const id = body.toString("hex", 0, GUID);
  const count = Math.min(short(foundAt + 1), Math.floor((body.length - foundAt - 3) / 4));
  return Array.from({ length: count }, (_, at) => ({ index: long(foundAt + 3 + 4 * at), id, address }));
}

/** No longer than 253 bytes, as names are. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}
