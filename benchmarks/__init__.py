"""How fast the library is, as ratios to named peers measured in the same run.

``python -m benchmarks`` runs everything and prints a table; ``python -m benchmarks -h`` says more.
The peers come with ``python -m pip install -e ".[peers]"``; what is not installed is left out.
"""
