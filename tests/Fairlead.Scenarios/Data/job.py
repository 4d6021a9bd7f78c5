import os, pathlib, signal, sys, time

# A job as people write them: it says what it does, takes its time, and may fail.
name, seconds, code = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
ledger = pathlib.Path(os.environ["LEDGER"])


def note(what):
    with ledger.open("a") as file:
        file.write(f"{name} {os.environ['FAIRLEAD_RUN']} {what}\n")


def end(*_):
    note("told")
    sys.exit(9)


signal.signal(signal.SIGTERM, end)
note("begin")
print("working on", os.environ.get("FAIRLEAD_DUE", "nothing due"), flush=True)
time.sleep(seconds)
note("end")
print("worked", flush=True)
sys.exit(code)
