"""What programs were recorded to tell their hooks, and, of Copilot and Cursor, what their documents say."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "fixtures" / "payloads"

PAYLOADS = {
    f"{path.parent.name}/{path.stem}": path.read_bytes() for path in sorted(FOLDER.glob("*/*.json"))
}
"""By program and name."""
