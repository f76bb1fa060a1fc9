"""The moment at which every test begins: the suite says the same at any hour of any day.

A study day begins at 04:00, rate limits count by windows of the clock, a live page is another one each minute: a test
that runs across such a turn would fail once in a thousand times. `TEST_AT=2028-02-29T03:59:58Z` (any moment, ISO 8601)
begins all of them elsewhere, to see that what is tested holds there too. Browser tests keep the machine's clock, which
their browser has.
"""

from __future__ import annotations

import os
from datetime import datetime

NOW = datetime.fromisoformat(os.environ.get("TEST_AT", "2026-12-02T10:00:00Z").replace("Z", "+00:00"))
