"""Running the pandoc that pypandoc-binary brings: a program of its own, told what to do and asked for its words."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pypandoc  # type: ignore[import-untyped]


def pandoc(options: Sequence[str], text: bytes = b"", folder: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    """What pandoc writes and says for these options, started in that folder; whoever asks looks at the code."""
    command = [str(pypandoc.get_pandoc_path()), *options]
    return subprocess.run(command, input=text, capture_output=True, check=False, cwd=folder)
