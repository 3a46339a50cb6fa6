"""Stands in for the chat client where a test is about how it is started and ended: its arguments, announcement,
fall-back port and silent death are those of version 0.2.28.

    playground_stand_in.py [--child] [--dies | --mute] -e URL … -p PORT …
"""

import os
import socket
import subprocess
import sys
from pathlib import Path


def main(arguments: list[str]) -> None:
    _note("pid", os.getpid())
    if "--child" in arguments:
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        _note("child.pid", child.pid)
    if "--mute" in arguments:
        raise SystemExit(1)
    listener = _listen(int(arguments[arguments.index("-p") + 1]))
    print(f"Listening on {listener.getsockname()[1]}", flush=True)
    if "--dies" in arguments:
        raise SystemExit(1)
    sys.stdin.read()


def _note(name: str, pid: int) -> None:
    """Whoever sees the file sees the number in it."""
    Path(f"{name}.new").write_text(str(pid))
    Path(f"{name}.new").rename(name)


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError:
        return socket.create_server(("127.0.0.1", 0))


if __name__ == "__main__":
    main(sys.argv[1:])
