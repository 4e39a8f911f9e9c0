"""Inflection: all written forms of a lemma, each with its tags. Runs when a rule pack is compiled, never at lookup.

A form is `(surface, tags)`; the surface is not folded yet. Tags are short words that rules may ask for.
"""

Form = tuple[str, frozenset[str]]
