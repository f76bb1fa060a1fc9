"""A QR code as the outline of one SVG path. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET = 4
"""Empty modules around the code, as ISO/IEC 18004 asks."""


@dataclass(frozen=True, slots=True)
class Square:
    """`path` draws the dark modules in a square of `size` units, the quiet zone included."""

    path: str
    size: int


def qr_code(text: str) -> Square:
    """The QR code of `text`, with the smallest version that holds it and 15 % error correction."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    runs = [
        f"M{start} {y}h{end - start}v1h-{end - start}z" for y, row in enumerate(rows) for start, end in _dark_runs(row)
    ]
    return Square("".join(runs), len(rows))


def _dark_runs(row: list[bool]) -> list[tuple[int, int]]:
    """[start, end) of each run of dark modules."""
    edges = [x for x in range(len(row) + 1) if (x < len(row) and row[x]) != (x > 0 and row[x - 1])]
    return list(zip(edges[::2], edges[1::2], strict=True))
