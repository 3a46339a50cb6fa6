"""Doubles of the ports that keep their contract: what a test with them proves holds for the real ones too."""

from tests.fakes.memory import Memory, MemoryStore

__all__ = ["Memory", "MemoryStore"]
