"""Measure how soon Ctrl-C ends a search: how long after the signal KeyboardInterrupt arrives in the program.

    python -m benchmarks.interrupt [--megabytes 256] [--times 10] [--threads 1 2]

A process searches generated text; at random moments of the search it is sent SIGINT. The last line says what was the
longest wait. The bar is half a second at a gigabyte of text.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.generate import prose

WORKER = """
import sys, time
import textreuse as tr
path, megabytes, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
text = open(path, encoding="utf-8").read()
tr.find_reuse([text[:5000], text[2000:7000]], threads=threads)
size = 3000
texts = []
# texts of words in another order each time: shifted, cut and joined
for n in range(megabytes * 1_000_000 // size):
    start = n * 7919 % (len(text) - size)
    texts.append(text[start : start + size // 2] + " " + text[-start - size // 2 : -start - 1])
step = ["read"]
def progress(name, done, total):
    step[0] = name
print("ready", flush=True)
began = time.time()
try:
    tr.find_reuse(texts, threads=threads, progress=progress)
    print("done", time.time() - began, step[0], flush=True)
except KeyboardInterrupt:
    print("interrupted", time.time(), step[0], flush=True)
"""


def run(path: Path, megabytes: int, threads: int, wait: float | None) -> tuple[float, str]:
    """Return the seconds from the signal (or the start, without `wait`) to the end, and in which step it was."""
    command = [sys.executable, "-c", WORKER, str(path), str(megabytes), str(threads)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        if wait is not None:
            time.sleep(wait)
            sent = time.time()
            process.send_signal(signal.SIGINT)
        kind, moment, step = process.stdout.readline().split()
    if kind == "done":
        return (float(moment), step) if wait is None else (0.0, "over")
    return float(moment) - sent, step


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=256)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    arguments = parser.parse_args()
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text.txt"
        path.write_text(prose(2_000_000, 3), encoding="utf-8")
        for threads in arguments.threads:
            whole, _ = run(path, arguments.megabytes, threads, None)
            print(f"{threads} threads: the whole search takes {whole:.1f} s", flush=True)
            for moment in np.random.default_rng(threads).uniform(0, whole, arguments.times):
                seconds, step = run(path, arguments.megabytes, threads, float(moment))
                worst = max(worst, seconds)
                print(f"  after {moment:6.1f} s, {step:10} {seconds:6.2f} s", flush=True)
    print(f"longest wait: {worst:.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
