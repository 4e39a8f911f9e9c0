"""The analysts' board: statements, the evidence of each, counts over time, exports. It only reads.

What an operator sees and does stands in `pipeline.control`; its words, style and marked evidence are used here too.
"""
