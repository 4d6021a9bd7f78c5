"""Lets a release go wrong on purpose: the environment variable FAULT says how. Health is good unless "sick"."""

import itertools
import os
import signal
import sys
import threading
import time

WORDS = ["none", "errors", "slow", "crash", "sick", "abrupt", "leak"]
SLOWNESS_SECONDS = 0.8
LEAK_STEP_BYTES = 4 * 1024 * 1024
LEAK_BYTES_MAX = 2 * 1024 * 1024 * 1024

fault = os.environ.get("FAULT") or "none"
_answers = itertools.count(1)


def begin():
    if fault not in WORDS:
        print(f"fatal: FAULT={fault} is unknown; say one of {', '.join(WORDS)}")
        sys.exit(2)
    if fault == "crash":
        print("fatal: cannot start, because FAULT=crash is set")
        sys.exit(3)
    if fault == "abrupt":
        signal.signal(signal.SIGTERM, lambda *_: os._exit(143))
    if fault == "leak":
        threading.Thread(target=_leak, daemon=True).start()


def is_next_bad():
    """Waits when slow; true for three of every ten answers, evenly, so that a gate sees 30 % soon."""
    if fault == "slow":
        time.sleep(SLOWNESS_SECONDS)
    return fault == "errors" and next(_answers) % 10 in (2, 5, 8)


def _leak():
    held = []
    while len(held) * LEAK_STEP_BYTES < LEAK_BYTES_MAX:
        held.append(b"\1" * LEAK_STEP_BYTES)  # Written to, so that the kernel must count every page.
        time.sleep(0.1)
    threading.Event().wait()
