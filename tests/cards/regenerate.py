"""Writes the golden cards anew: `python -m tests.cards.regenerate`. Read the difference before you commit it."""

from tests.cards.golden import FOLDER, as_text, path_of
from tests.cards.samples import SAMPLES


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for stale in set(FOLDER.glob("*.json")) - {path_of(name) for name in SAMPLES}:
        stale.unlink()
    for name, render in SAMPLES.items():
        path_of(name).write_text(as_text(render()), encoding="utf-8")
    print(f"{len(SAMPLES)} golden cards written to {FOLDER.name}/")


if __name__ == "__main__":
    main()
