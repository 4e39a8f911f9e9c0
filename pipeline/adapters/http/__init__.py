"""HTTP with the limits and manners of a good guest; implements the port `Fetcher`."""

from pipeline.adapters.http.fetcher import HttpFetcher
from pipeline.adapters.http.limits import FetchLimits

__all__ = ["FetchLimits", "HttpFetcher"]
