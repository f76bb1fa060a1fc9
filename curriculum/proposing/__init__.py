"""Facts proposed by rule from the sentences of a course, for a person to accept, correct or reject.

Pure, deterministic, linear in the length of the text. A rule reads one sentence or heading and names spans of it; it
never decides that something is known: see `Fact.status`.
"""

from curriculum.proposing.findings import LIKELY, SURE, UNSURE
from curriculum.proposing.propose import Proposal, cloze_part, propose, scope_of

__all__ = ["LIKELY", "SURE", "UNSURE", "Proposal", "cloze_part", "propose", "scope_of"]
