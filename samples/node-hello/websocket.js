// A WebSocket that says back what it hears (RFC 6455), small enough to read: single frames of at most 64 KiB.
import { createHash } from 'node:crypto';

const magic = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const text = 1, binary = 2, close = 8, ping = 9, pong = 10;
const goingAway = 1001, protocolError = 1002, tooBig = 1009;
const farewellMs = 2000;
const open = new Set();

export function upgrade(request, socket, head) {
  const key = request.headers['sec-websocket-key'];
  if (request.url.split('?')[0] !== '/ws' || request.headers.upgrade?.toLowerCase() !== 'websocket' || !key) {
    socket.write('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    return socket.destroySoon();
  }
  const accept = createHash('sha1').update(key + magic).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
  );
  socket.setNoDelay(true);
  open.add(socket);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => open.delete(socket));
  let waiting = head;
  const hear = (bytes) => {
    waiting = answerAll(socket, Buffer.concat([waiting, bytes]));
  };
  socket.on('data', hear);
  hear(Buffer.alloc(0));
}

/** Tells every peer that this replica goes away; they come back to another one. */
export function closeAll() {
  for (const socket of open) bye(socket, goingAway);
}

/** Answers each whole frame and gives back the bytes of a frame that is still to come. */
function answerAll(socket, bytes) {
  while (bytes.length >= 2 && socket.writable) {
    const opcode = bytes[0] & 15;
    const short = bytes[1] & 127;
    const start = short < 126 ? 6 : 8; // two bytes, perhaps a longer length, and the mask that a client must send
    if (!(bytes[0] & 128) || !(bytes[1] & 128)) return bye(socket, protocolError);
    if (short === 127) return bye(socket, tooBig);
    if (bytes.length < start) return bytes;
    const length = short < 126 ? short : bytes.readUInt16BE(2);
    if (bytes.length < start + length) return bytes;
    const mask = bytes.subarray(start - 4, start);
    const said = Buffer.from(bytes.subarray(start, start + length).map((byte, at) => byte ^ mask[at % 4]));
    if (opcode === close) {
      socket.write(frame(close, said.subarray(0, 2)));
      socket.destroySoon();
    } else if (opcode === ping) {
      socket.write(frame(pong, said));
    } else if (opcode === text || opcode === binary) {
      socket.write(frame(opcode, said));
    }
    bytes = bytes.subarray(start + length);
  }
  return bytes;
}

function frame(opcode, said) {
  const head =
    said.length < 126
      ? Buffer.from([128 | opcode, said.length])
      : Buffer.from([128 | opcode, 126, said.length >> 8, said.length & 255]);
  return Buffer.concat([head, said]);
}

function bye(socket, code) {
  socket.end(frame(close, Buffer.from([code >> 8, code & 255])));
  setTimeout(() => socket.destroy(), farewellMs).unref();
  return Buffer.alloc(0);
}
