"""Takes jobs from a list of Redis, some at a time; told to end, it finishes the one it is at and gives the rest back."""

import os
import signal
import socket
import time
import urllib.parse

address = urllib.parse.urlparse(os.environ["REDIS_URL"])
connection = socket.create_connection((address.hostname, address.port))
stream = connection.makefile("rb")
ending = False


def end(*_):
    global ending
    ending = True


signal.signal(signal.SIGTERM, end)


def read():
    line = stream.readline().strip()
    kind, rest = line[:1], line[1:]
    if kind == b"-":
        raise RuntimeError(rest.decode())
    if kind == b"$":
        if int(rest) < 0:
            return None
        return stream.read(int(rest) + 2)[:-2].decode()
    if kind == b"*":
        return None if int(rest) < 0 else [read() for _ in range(int(rest))]
    return rest.decode()


def ask(*words):
    parts = [str(word).encode() for word in words]
    connection.sendall(b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts))
    return read()


ask("AUTH", address.password)
while not ending:
    jobs = ask("LPOP", "jobs", 5) or []
    if not jobs:
        time.sleep(0.05)
    for job in list(jobs):
        if ending:
            break
        time.sleep(0.02)
        ask("HINCRBY", "runs", job, 1)
        ask("HINCRBY", "by", os.environ["VERSION"], 1)
        jobs.remove(job)
    if jobs:
        ask("RPUSH", "jobs", *jobs)
