"""Writes the golden cards anew: `python -m tests.cards.regenerate`. Read the difference before you commit it."""

from tests.cards.golden import FOLDER, as_text, path_of
from tests.cards.samples import SAMPLES


def main() -> None:
    texts = {path_of(name): as_text(render()) for name, render in SAMPLES.items()}
    FOLDER.mkdir(exist_ok=True)
    for stale in set(FOLDER.glob("*.json")) - set(texts):
        stale.unlink()
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    print(f"{len(SAMPLES)} golden cards written to {FOLDER.name}/")


if __name__ == "__main__":
    main()
