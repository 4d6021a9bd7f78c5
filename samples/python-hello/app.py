"""A small server of the standard library alone that stops without losing a request."""

import json
import os
import signal
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import faults

HOST = os.environ.get("HOST") or "127.0.0.1"
PORT = int(os.environ.get("PORT") or 8000)
BODY_BYTES_MAX = 1024 * 1024
SLOW_MS_MAX = 60_000
IDLE_SECONDS_MAX = 75
REPLICA = {
    "app": "python-hello",
    "release": os.environ.get("FAIRLEAD_RELEASE") or "dev",
    "slot": os.environ.get("FAIRLEAD_SLOT") or "0",
    "pid": os.getpid(),
}
stopping = threading.Event()


class TooBig(Exception):
    """A body of more than BODY_BYTES_MAX."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS_MAX
    wbufsize = 64 * 1024  # Head and body leave in one packet.

    def handle(self):
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            pass  # The client went away, which is its right.
        finally:
            self.server.idle.discard(self.connection)

    def handle_one_request(self):
        self.server.idle.add(self.connection)
        if stopping.is_set():
            hang_up(self.connection)
        super().handle_one_request()

    def parse_request(self):
        self.server.idle.discard(self.connection)
        return super().parse_request()

    def do_GET(self):
        self.answer(
            {
                "/": lambda query: self.say(200, f"Hello from python-hello, release {REPLICA['release']}\n"),
                "/healthz": lambda query: self.say(*((503, "sick\n") if faults.fault == "sick" else (200, "ok\n"))),
                "/whoami": lambda query: self.say(200, json.dumps(REPLICA) + "\n", "application/json"),
                "/slow": self.slow,
                "/stream": self.stream,
            }
        )

    do_HEAD = do_GET

    def do_POST(self):
        self.answer({"/echo": self.echo})

    def answer(self, pages):
        url = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        try:
            body = self.body()
        except (TooBig, ValueError) as problem:
            self.close_connection = True  # What is left of the body is not a request.
            return self.say(413 if isinstance(problem, TooBig) else 400, f"{problem}\n")
        query["body"] = body
        if url.path != "/healthz" and faults.is_next_bad():
            return self.say(500, "FAULT=errors: this answer was chosen to fail.\n")
        page = pages.get(url.path, lambda query: self.say(404, f"no {self.command} {url.path} here\n"))
        try:
            page(query)
        except ValueError as problem:
            self.say(400, f"{problem}\n")

    def slow(self, query):
        """Answers after ?ms=400 milliseconds."""
        ms = min(int(query.get("ms", 400)), SLOW_MS_MAX)
        time.sleep(ms / 1000)
        self.say(200, f"answered after {ms} ms\n")

    def stream(self, query):
        """Server-sent events, one each 200 ms: ?n=10 of them, which a stop waits for, or without end, which a stop ends."""
        count = int(query["n"]) if "n" in query else None
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("cache-control", "no-store")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        if self.command == "HEAD":
            return
        n = 0
        while n < count if count is not None else not stopping.is_set():
            n += 1
            self.chunk(f"id: {n}\ndata: {json.dumps({'n': n, **REPLICA})}\n\n")
            time.sleep(0.2)
        self.chunk("event: goodbye\ndata: {}\n\n")
        self.chunk("")

    def echo(self, query):
        self.say(200, query["body"], self.headers.get("content-type", "application/octet-stream"))

    def body(self):
        if self.headers.get("transfer-encoding", "").lower() == "chunked":
            return self.chunked_body()
        length = int(self.headers.get("content-length", 0))
        if length > BODY_BYTES_MAX:
            raise TooBig("at most 1 MiB")
        return self.rfile.read(length)

    def chunked_body(self):
        body = b""
        while size := int(self.rfile.readline(100).split(b";")[0], 16):
            if len(body) + size > BODY_BYTES_MAX:
                raise TooBig("at most 1 MiB")
            body += self.rfile.read(size)
            self.rfile.readline(100)
        while self.rfile.readline(8192).strip():
            pass  # Trailers say nothing to us.
        return body

    def chunk(self, text):
        data = text.encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def say(self, status, body, type="text/plain; charset=utf-8"):
        data = body if isinstance(body, bytes) else body.encode()
        self.send_response(status)
        self.send_header("content-type", type)
        self.send_header("content-length", str(len(data)))
        if stopping.is_set() or self.close_connection:
            self.send_header("connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, format, *args):
        pass  # Whoever carries the traffic counts it; a line per request would drown the rest.


class Server(ThreadingHTTPServer):
    daemon_threads = False  # server_close() waits for requests in flight.
    request_queue_size = 128

    def __init__(self, *args):
        self.idle = set()
        super().__init__(*args)

    def finish(self):
        """Ends what waits for a next request; what is being answered is answered first."""
        for connection in list(self.idle):
            hang_up(connection)
        self.server_close()


def hang_up(connection):
    """Takes no more requests; one that has arrived already is still read."""
    try:
        connection.shutdown(socket.SHUT_RD)
    except OSError:
        pass  # It ended by itself just now.


def stop(number, frame):
    print(f"{signal.Signals(number).name}: finishing what is in flight")
    stopping.set()
    threading.Thread(target=server.shutdown).start()  # It waits for this thread, so not from here.


sys.stdout.reconfigure(line_buffering=True)
signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGINT, stop)
faults.begin()
try:
    server = Server((HOST, PORT), Handler)
except OSError as problem:
    print(f"fatal: cannot listen on {HOST}:{PORT}: {problem.strerror}")
    sys.exit(1)
print(f"python-hello, release {REPLICA['release']}, listens on {HOST}:{PORT}")
server.serve_forever(poll_interval=0.05)
server.finish()
print("stopped")
