"""Faults made on purpose: parts killed, starved and disconnected, and what was lost. `make faults`."""
