"""Measures of speed and size, side by side in one run: `make bench`. Nothing here can fail a build."""
