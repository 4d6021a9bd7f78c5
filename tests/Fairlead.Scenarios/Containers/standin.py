#!/usr/bin/python-of-the-standin
"""Stands for programs that cannot be fetched here: listens where they would, and needs the rights and folders that they need.

STANDIN_PORTS  where it listens; else what its words or PORT say
STANDIN_DROP   who it becomes when it is started as root, as databases do
STANDIN_DATA   what that user must be able to write to
"""

import json, os, re, signal, socket, sys, threading, urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PROBES = ("pg_isready", "mongosh", "rabbitmq-diagnostics", "kafka-broker-api-versions.sh")
NAME, WORDS = os.path.basename(sys.argv[0]), sys.argv[1:]
LINE = " ".join(WORDS)
STARTED = "/tmp/standin.started"


def ports():
    fixed = os.environ.get("STANDIN_PORTS", "").split()
    said = re.search(r"(?:--port[= ]|-p |--bind[= ]\S*:|tcp://\S*:)(\d+)", LINE)
    return [int(one) for one in fixed or ([said[1]] if said else [os.environ["PORT"]] if "PORT" in os.environ else [])]


def build():
    """What a build's tool makes, where it is one that builds; None where it runs something."""
    if NAME in ("npm", "pip", "make") or (NAME == "bundle" and (WORDS[0] != "exec" or "assets:precompile" in WORDS)):
        return []
    if NAME == "go":
        return [WORDS[WORDS.index("-o") + 1]]
    if WORDS[:2] == ["-m", "venv"]:
        return [f"{WORDS[-1]}/bin/python"]
    return [] if WORDS[:2] == ["-m", "pip"] else None


def probe():
    """The health command of what it stands for."""
    for port in ports()[:1]:
        socket.create_connection(("127.0.0.1", port), 3).close()
    return 0 if os.path.exists(STARTED) else 1


def curl():
    url = next(word for word in WORDS if word.startswith("http"))
    return 0 if urllib.request.urlopen(url, timeout=3).status < 400 else 22


def seen():
    """What it was given: by a second process with the same rights."""
    env, unreached, reached = dict(os.environ), [], 0
    places = {tuple(one) for value in env.values() for one in re.findall(r"(?:^|[/@,= ])([a-z][\w.-]+):(\d+)", value)}
    places |= {(env[f"{name[:-5]}_HOST"], value) for name, value in env.items() if name.endswith("_PORT") and f"{name[:-5]}_HOST" in env}
    for host, port in places:
        # What has a dot in its name is outside.
        if host != "localhost" and "." not in host:
            try:
                socket.create_connection((host, int(port)), 3).close()
                reached += 1
            except OSError:
                unreached.append(f"{host}:{port}")
    files = {name: open(value).read().strip() for name, value in env.items() if value.startswith("/run/secrets/")}
    writable = {path: os.access(path, os.W_OK) for path in WORDS}
    print(json.dumps({"env": env, "files": files, "writable": writable, "reached": reached, "unreached": unreached}))
    return 0


def settle():
    """Becomes who it is, and finds out whether it can write to its data."""
    folders, user = os.environ.get("STANDIN_DATA", "").split(), int(os.environ.get("STANDIN_DROP", "0"))
    if user and os.getuid() == 0:
        for folder in folders:
            os.makedirs(folder, exist_ok=True)
            os.chown(folder, user, user)
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    for folder in folders:
        if not os.access(folder, os.W_OK):
            sys.exit(f"{folder} is not writable for {os.getuid()}")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(socket.gethostname().encode())

    def log_message(self, *words):
        pass


def main():
    made = build()
    if made is not None:
        for path in made:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            os.symlink("/usr/local/bin/standin", path)
        return 0
    if NAME == "seen":
        return seen()
    if NAME == "curl":
        return curl()
    if NAME in PROBES or LINE.endswith(".alive"):
        return probe()
    settle()
    # As a real program: where it is told to listen for its own machine alone, nobody else reaches it.
    host = "127.0.0.1" if "127.0.0.1" in LINE else "0.0.0.0"
    for port in ports():
        threading.Thread(target=ThreadingHTTPServer((host, port), Handler).serve_forever, daemon=True).start()
    open(STARTED, "w").close()
    signal.pause()


sys.exit(main())
