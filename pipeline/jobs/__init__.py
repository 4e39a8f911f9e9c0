"""The use cases, one a file: each takes ports and plain values, and returns counts. No I/O of their own."""
