"""Property tests: no time limit per example; in CI the same examples every time."""

import os

from hypothesis import settings

settings.register_profile("here", deadline=None)
settings.register_profile("continuous integration", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("continuous integration" if os.environ.get("CI") else "here")
