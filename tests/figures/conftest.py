import os
from pathlib import Path

import pytest

from tests.figures.council import Terminal


@pytest.fixture
def terminal(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    """On each of both databases."""
    for name in os.environ:
        if name.startswith("AUDIT_BOT_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUDIT_BOT_DATABASE_URL", database_url)
    return Terminal(tmp_path, capsys)


@pytest.fixture
def policy_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the council's policy can be written."""
    path = tmp_path / "policy.toml"
    monkeypatch.setenv("AUDIT_BOT_POLICY_FILE", str(path))
    return path
