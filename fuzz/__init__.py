"""Bytes that nobody would send on purpose, against what reads feeds, pages and dates. `make fuzz`; see `targets`."""
