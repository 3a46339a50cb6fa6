"""Wires the demo to the real program: the same migrations, imports and server as anywhere else."""
