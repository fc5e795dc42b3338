"""How fast one address may speak."""

import datetime as dt
from collections import Counter


class Pace:
    """Counts each address's messages in the present minute."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._minute = 0
        self._counts: Counter[tuple[str, str]] = Counter()

    def excess(self, where: tuple[str, str], now: dt.datetime) -> int:
        """Count one message; how many over the limit it is."""
        minute = int(now.timestamp() // 60)
        if minute != self._minute:
            self._minute, self._counts = minute, Counter()
        self._counts[where] += 1
        return max(0, self._counts[where] - self._per_minute)
