"""What importing the gate's library brings with it, in a process of its own."""

import subprocess
import sys

IMPORTED = """
import sys
from pipeline.adapters.great_expectations_lean import great_expectations
great_expectations()
print([name for name in ("scipy.linalg", "altair.vegalite") if name in sys.modules])
import scipy.stats
print(round(scipy.stats.norm.cdf(0.0), 1), "scipy.linalg" in sys.modules)
from altair import Chart
print(Chart.__name__)
"""


def test_neither_statistics_nor_charts_are_loaded_before_they_are_used():
    """Importing Great Expectations loads no part of them; who uses them gets them whole."""
    done = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=False)
    assert ["[]", "0.5 True", "Chart"] == done.stdout.split("\n")[:-1], done.stderr[-2000:]
