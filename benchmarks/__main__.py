"""``python -m benchmarks``: each subject in a process of its own, one table at the end."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor

from .harness import Row, markdown, measure, plain

SUBJECTS = (
    "chain",
    "scalars",
    "mlp",
    "recurrent",
    "functions",
    "convolution",
    "networks",
    "optimizers",
    "drawing",
    "import_time",
    "scaling",
)
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def main() -> None:
    """Measure what the command line asks for and print it."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Time autograd-core against its peers, on one thread each; prints a table, writes nothing.",
        epilog='The peers are installed by: python -m pip install -e ".[peers]"',
    )
    parser.add_argument("subjects", nargs="*", metavar="subject", help=f"some of {', '.join(SUBJECTS)}; all by default")
    parser.add_argument("--markdown", action="store_true", help="print the table as it stands in the README")
    options = parser.parse_args()
    unknown = sorted(set(options.subjects) - set(SUBJECTS))
    if unknown:
        parser.error(f"there is no subject {', '.join(unknown)}: choose from {', '.join(SUBJECTS)}")
    os.environ |= dict.fromkeys(THREADS, "1")  # read by NumPy and PyTorch when they are imported
    rows: list[Row] = []
    for subject in options.subjects or SUBJECTS:
        print(f"measuring {subject} …", file=sys.stderr)
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
            rows += process.submit(measure, subject).result()
    print(markdown(rows) if options.markdown else plain(rows))


if __name__ == "__main__":
    main()
