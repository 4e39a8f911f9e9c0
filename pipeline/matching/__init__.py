"""The pattern language: lexicon classes whose lemmas are inflected when a pack is compiled, and rules over them.

What belongs here finds patterns in words. Who speaks, when and for whom is the business of `pipeline.statements`.
"""

from pipeline.matching.registry import Group, Registry, Speaker
from pipeline.matching.rulebook import Rulebook

__all__ = ["Group", "Registry", "Rulebook", "Speaker"]
