"""Language: characters folded with their offsets, tokens, sentences, quotes and dates, for Arabic and English.

What belongs here knows writing and nothing of armed groups, rules or labels.
"""
