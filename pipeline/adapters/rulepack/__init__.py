"""Rule packs on disk: YAML in, a compiled `Rulebook` out, the compiled forms cached beside the warehouse.

Layout of a pack: `groups.yml`, `speakers.yml`, and for each language `<lang>/lexicon/*.yml`, `<lang>/conditions.yml`
and `<lang>/<label>/*.yml`. What the words mean to the matcher stays in `pipeline.matching`.
"""

from pipeline.adapters.rulepack.reading import read_lexicons, read_rulepack, read_ruleset

__all__ = ["read_lexicons", "read_rulepack", "read_ruleset"]
