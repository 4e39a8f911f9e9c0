"""Everything that does I/O, one module or package for each edge; each implements a port of `pipeline.jobs.ports`."""
