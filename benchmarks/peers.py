"""corpusgate beside its peers: the same file, the same run, one core, each in a process of its own.

    python benchmarks/peers.py [--install] [--corpus FILE] [--mb 100] [--budget 10] [--json FILE]
    python benchmarks/peers.py --quick [--accept]

No peer does what corpusgate does, so that a ratio says what a part of the work costs elsewhere; the table says which part.
`peer_tasks.py` is what each is given to do, and what is not counted. `--install` puts each peer into a virtual environment
of its own in the user's cache folder; what is not installed, or cannot be, is named and left out.

`--quick` takes a few minutes and what the development environment has. It compares ratios with those in ratios.json, and ends
with code 1 if one is less than two thirds of what it was: a machine may be slower, but not in one of two things that it
does in turn. `--accept` writes them anew.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import speed_corpus
from peer_tasks import PEERS

from corpusgate.kept import user_folder
from corpusgate.signals.phrase_lists import all_phrases

HERE = Path(__file__).parent
RATIOS = HERE / "ratios.json"

#: Peers of the quick run, whose packages the development environment has.
QUICK = ("orjson", "ftfy is_bad", "great_expectations 300")
QUICK_MB, QUICK_BUDGET, QUICK_ROUNDS = 30, 4.0, 3

#: What of a ratio must be left.
LEAST = 2 / 3

#: Beyond their packages: what some need to work at all.
ALSO = {"datatrove": ["spacy", "nltk", "tldextract"], "pointblank": ["polars"], "pandera": ["pandas"]}

#: One thread each, in whatever library.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS", "RAYON_NUM_THREADS"), "1")

Told = dict[str, Any]


def environment(package: str) -> Path:
    """The interpreter of a peer's own environment: some want versions that others cannot have."""
    return user_folder() / "peers" / package / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def interpreter_of(name: str, chosen: Path | None) -> Path:
    """The interpreter that a peer runs in."""
    package = PEERS[name].package
    if package in ("corpusgate", "orjson"):
        return Path(sys.executable)
    return chosen or (environment(package) if environment(package).exists() else Path(sys.executable))


def install() -> None:
    """Install each peer by itself, so that one that cannot be keeps no other out."""
    for package in dict.fromkeys(peer.package for peer in PEERS.values() if peer.package not in ("corpusgate", "orjson")):
        subprocess.run([sys.executable, "-m", "venv", str(environment(package).parents[1])], check=True)
        command = [str(environment(package)), "-m", "pip", "install", "--quiet", package, *ALSO.get(package, ())]
        done = subprocess.run(command, capture_output=True, text=True)
        print(f"{package}: {'installed' if done.returncode == 0 else 'cannot be installed: ' + done.stderr.strip()[-200:]}", flush=True)


def run(name: str, path: Path, budget: float, interpreter: Path) -> Told:
    """What a peer took: bytes of text a second, or why it could not be told."""
    known = json.dumps([phrase.text for phrase in all_phrases()])
    command = [str(interpreter), str(HERE / "peer_tasks.py"), name, str(path), str(budget)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=60 * budget + 600, env={**os.environ, **ONE_THREAD, "PEER_PHRASES": known}
        )
    except subprocess.TimeoutExpired:
        return {"failed": "took too long"}
    if done.returncode:
        return {"failed": (done.stderr.strip().splitlines() or ["without a word"])[-1][:200]}
    told: Told = json.loads(done.stdout.strip().splitlines()[-1])
    return told | ({"mb_per_s": told["bytes"] / told["seconds"] / 1e6} if "seconds" in told else {})


def table(told: dict[str, Told], ours: float) -> None:
    """Print what each did, and how many times as fast the whole suite is."""
    print(f"{'':22} {'MB/s':>8} {'suite is':>9} {'records':>8}  what it does here; what it does not")
    for name, figures in told.items():
        peer = PEERS[name]
        if "mb_per_s" not in figures:
            print(f"{name:22} {'–':>8} {'–':>9} {'–':>8}  left out: {figures.get('missing') or figures.get('failed')}")
            continue
        times = f"{ours / figures['mb_per_s']:.2f} x"
        lacks = f"; {peer.lacks}" if peer.lacks else ""
        print(f"{name:22} {figures['mb_per_s']:8.1f} {times:>9} {figures['records']:8,}  {figures['version']}: {peer.does}{lacks}")


def quick(accept: bool) -> int:
    """Compare ratios with the committed ones; the number of those that dropped."""
    with tempfile.TemporaryDirectory() as folder:
        path = speed_corpus.build(Path(folder) / "quick.jsonl", QUICK_MB * 1_000_000)
        # In turn, so that all see the same neighbours on the machine; the best of each counts.
        rounds = [
            {name: run(name, path, QUICK_BUDGET, Path(sys.executable)) for name in ("corpusgate", *QUICK)} for _ in range(QUICK_ROUNDS)
        ]
    failed = {name: told for each in rounds for name, told in each.items() if "mb_per_s" not in told}
    for name, told in failed.items():
        print(f"{name}: {told}", file=sys.stderr)
    if failed:
        return len(failed)
    best = {name: max(each[name]["mb_per_s"] for each in rounds) for name in rounds[0]}
    ratios = {f"suite to {name}": best["corpusgate"] / best[name] for name in QUICK}
    if accept:
        RATIOS.write_text(json.dumps({name: round(value, 3) for name, value in ratios.items()}, indent=1) + "\n", "utf-8")
    known: dict[str, float] = json.loads(RATIOS.read_text("utf-8"))
    dropped = 0
    for name, value in ratios.items():
        bad = value < LEAST * known[name]
        dropped += bad
        print(f"{name:34} {value:8.3f}  was {known[name]:8.3f}{'  dropped by more than a third' if bad else ''}")
    return dropped


def main() -> int:
    parser = argparse.ArgumentParser(description="Run corpusgate and its peers over the same file.")
    parser.add_argument("--corpus", type=Path, help="a .jsonl file; without it one is made")
    parser.add_argument("--mb", type=int, default=100, help="megabytes of the corpus that is made")
    parser.add_argument("--budget", type=float, default=10.0, help="seconds for each peer, about")
    parser.add_argument("--install", action="store_true", help="install the peers first")
    parser.add_argument("--python", type=Path, help="the interpreter of an environment that has the peers")
    parser.add_argument("--only", nargs="+", choices=sorted(PEERS), help="these peers alone")
    parser.add_argument("--json", type=Path, help="write the figures as one JSON object")
    parser.add_argument("--quick", action="store_true", help="compare a few ratios with the committed ones")
    parser.add_argument("--accept", action="store_true", help="with --quick: commit to the ratios as they are now")
    options = parser.parse_args()
    if options.quick:
        return 1 if quick(options.accept) else 0
    if options.install:
        install()
    with tempfile.TemporaryDirectory() as folder:
        path = options.corpus or speed_corpus.build(Path(folder) / "peers.jsonl", options.mb * 1_000_000)
        names = dict.fromkeys(["corpusgate", *(options.only or PEERS)])
        told = {name: run(name, path, options.budget, interpreter_of(name, options.python)) for name in names}
    if "mb_per_s" not in told["corpusgate"]:
        print(told["corpusgate"], file=sys.stderr)
        return 1
    table(told, told["corpusgate"]["mb_per_s"])
    if options.json is not None:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
