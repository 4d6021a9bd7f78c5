"""Says its secrets in every way it can think of, as careless programs do; answers only with their hashes."""

import base64
import hashlib
import html
import http.server
import json
import os
import sys
import urllib.parse
import urllib.request


def forms(value):
    raw = value.encode()
    plain = base64.b64encode(raw).decode()
    yield value
    yield plain
    yield base64.b64encode(b"x" + raw + b"tail").decode()
    yield base64.b64encode(b"xy" + raw + b"tail").decode()
    yield base64.urlsafe_b64encode(raw).decode()
    yield raw.hex()
    yield raw.hex().upper()
    yield urllib.parse.quote(value, safe="")
    yield urllib.parse.quote(urllib.parse.quote(value, safe=""), safe="")
    yield json.dumps(value)
    yield html.escape(value)
    yield plain[:9] + "\n" + plain[9:]
    yield value[:5] + "\x1b[31m" + value[5:11] + "\x1b[0m" + value[11:]


def shout(value):
    for form in forms(value):
        print("debug:", form, flush=True)
    # In two pieces, as buffers cut it.
    sys.stderr.write("half " + value[:8])
    sys.stderr.flush()
    sys.stderr.write(value[8:] + " whole\n")
    sys.stderr.flush()


def send(value):
    text = " | ".join(forms(value))
    url = os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"]
    header, key = os.environ["OTEL_EXPORTER_OTLP_HEADERS"].split("=", 1)
    record = {"body": {"stringValue": "otlp " + text}, "attributes": [{"key": "what", "value": {"stringValue": value}}]}
    logs = {"resourceLogs": [{"scopeLogs": [{"logRecords": [record]}]}]}
    ask(url + "/v1/logs", json.dumps(logs), {"Content-Type": "application/json", header: key})
    dsn = urllib.parse.urlsplit(os.environ["SENTRY_DSN"])
    frame = {"function": "main", "filename": "app.py", "lineno": 1, "context_line": "x = " + json.dumps(value)}
    event = {
        "event_id": "0123456789abcdef0123456789abcdef",
        "platform": "python",
        "exception": {"values": [{"type": "Leak", "value": "canary " + text, "stacktrace": {"frames": [frame]}}]},
        "tags": {"where": value},
    }
    body = "\n".join([json.dumps({"event_id": event["event_id"]}), json.dumps({"type": "event"}), json.dumps(event)])
    address = f"{dsn.scheme}://{dsn.hostname}:{dsn.port}/api{dsn.path}/envelope/?sentry_key={dsn.username}"
    ask(address, body, {"Content-Type": "application/x-sentry-envelope"})


def ask(url, body, headers):
    urllib.request.urlopen(urllib.request.Request(url, body.encode(), headers), timeout=10).read()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = os.environ.get("TLS_KEY_FILE", "")
        answer = {
            "variable": hashlib.sha256(os.environ["CANARY"].encode()).hexdigest(),
            "file": hashlib.sha256(open(path, "rb").read()).hexdigest() if path else "",
            "path": path,
            "mode": oct(os.stat(path).st_mode & 0o777) if path else "",
            "pid": os.getpid(),
        }
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


shout(os.environ["CANARY"])
if os.environ.get("MODE") == "crash":
    raise SystemExit("cannot go on with " + os.environ["CANARY"])
if os.environ.get("MODE") != "quiet":
    send(os.environ["CANARY"])
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
