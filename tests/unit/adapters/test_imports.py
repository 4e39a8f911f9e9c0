"""What a process that opens the warehouse has to have in memory: several of them stand by all day."""

import subprocess
import sys

HEAVY = ("scipy", "numpy", "datasketch", "pandas", "trafilatura", "feedparser", "great_expectations")


def test_the_warehouse_brings_no_reader_of_pages_and_no_arithmetic():
    """The house that serves, the triggerer and each task that only asks or sends do without them."""
    program = (
        "import sys; import pipeline.adapters.warehouse, pipeline.bootstrap;"
        f"print(sorted({{*{HEAVY}}} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "[]" == said.stdout.strip()
