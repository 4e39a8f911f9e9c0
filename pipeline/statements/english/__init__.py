"""English attribution: noun phrases, clauses and reported words.

What belongs here knows the order of English words. Arabic has its own modules one folder up; what counts as a threat is
data under rules/en.
"""

from pipeline.statements.english.nouns import EnglishActors
from pipeline.statements.english.speech import EnglishSpeech
from pipeline.statements.english.words import meant

__all__ = ["EnglishActors", "EnglishSpeech", "meant"]
