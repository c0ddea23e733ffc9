import type { Answer, SearchProtocol } from "./search.ts";

const HEADER = 16;
const VERSION = 0;
const SEARCH = 6;
const MINOR_VERSION = 13;
const ONLY_IF_FOUND = 5;
/** In place of the server's address: the one that the answer came from. */
const SENDER = 0xffff_ffff;

/** Channel Access's search, by the protocol's specification (CA_PROTO_VERSION and CA_PROTO_SEARCH). */
export const caSearch: SearchProtocol = {
  request(names, first) {
    const version = header(VERSION, 0, 0, MINOR_VERSION, 0, 0);
    const searches = names.map((name, at) => {
      const bytes = Buffer.byteLength(name);
      const payload = Buffer.alloc(8 * Math.ceil((bytes + 1) / 8));
      payload.write(name);
      const id = first + at;
      return Buffer.concat([header(SEARCH, payload.length, ONLY_IF_FOUND, MINOR_VERSION, id, id), payload]);
    });
    return Buffer.concat([version, ...searches]);
  },

  answers(datagram, sender) {
    const answers: Answer[] = [];
    for (let at = 0; at + HEADER <= datagram.length; at += HEADER + datagram.readUInt16BE(at + 2)) {
      if (datagram.readUInt16BE(at) !== SEARCH) continue;
      const ip = datagram.readUInt32BE(at + 8);
      const host = ip === SENDER || ip === 0 ? sender : [...datagram.subarray(at + 8, at + 12)].join(".");
      const address = `${host}:${datagram.readUInt16BE(at + 4)}`;
      answers.push({ index: datagram.readUInt32BE(at + 12), id: address, address });
    }
    return answers;
  },
};

function header(command: number, size: number, type: number, count: number, id: number, second: number): Buffer {
  const bytes = Buffer.alloc(HEADER);
  for (const [at, value] of [command, size, type, count].entries()) bytes.writeUInt16BE(value, 2 * at);
  bytes.writeUInt32BE(id, 8);
  bytes.writeUInt32BE(second, 12);
  return bytes;
}
