"""Stems in English: what a question says around the quotations of the document.

The wording is plain and positive, names the part of the document it asks about, and never judges.
"""

from __future__ import annotations

from quizzes.generation.language import Ask, Language, Order, Pairing
from quizzes.generation.latin import FUNCTION_WORDS

ONCE = " Each item on the right is used at most once; {unused} stays unused."
IN_SCOPE = "According to {scope}, "
RIGHTS = ("RIGHT.has", "RIGHT.seek", "RIGHT.without_discrimination", "RIGHT.law_protects")
HOLDERS = ("RIGHT.holder_right", "RIGHT.holder_entitled", "RIGHT.holder_enjoys")
ENTITLED = ("RIGHT.holder_entitled", "RIGHT.holder_enjoys")


def typed(relation: str, stem: str, *, target: str = "object") -> Ask:
    rule = relation.partition(".")[2]
    return Ask(f"{rule}.typed", "short_answer", target, (relation,), IN_SCOPE + stem)


def choice(rule: str, relations: tuple[str, ...], stem: str, *, target: str = "object", always: bool = False) -> Ask:
    return Ask(f"{rule}.choice", "choice", target, relations, IN_SCOPE + stem, always=always)


def named(rule: str, relations: tuple[str, ...], stem: str, pools: tuple[str, ...]) -> Ask:
    """A choice among names, whose lengths say nothing."""
    return Ask(f"{rule}.choice", "choice", "subject", relations, IN_SCOPE + stem, pools=pools, closed=True, always=True)


ASKS = (
    typed("IDENTITY.is_called", "what is “{object}”?", target="subject"),
    typed("RESULT.resulted_in", "what kind of acts have {subject} resulted in?"),
    typed("NORM.protected_by", "by what should {subject} be protected?"),
    typed(
        "EVENT.reaffirmed_in", "in which document have {subject} reaffirmed their faith in fundamental human rights?"
    ),
    typed("ROLE.proclaimed_by", "which body proclaims {subject}?"),
    typed("MEANS.strive_by", "by what shall {subject} strive to promote respect for these rights and freedoms?"),
    typed("STATE.equal_in", "in what are {subject} born free and equal?"),
    typed("STATE.endowed_with", "with what are {subject} endowed?"),
    typed("NORM.spirit_of", "in a spirit of what should {subject} act towards one another?"),
    typed("NORM.held_in", "in what shall {subject} be held?"),
    typed("NORM.prohibited", "what shall be prohibited {object}?", target="subject"),
    typed("RIGHT.recognised_as", "as what does {subject} have the right to recognition everywhere?"),
    typed("RIGHT.remedy_by", "which bodies are to give {subject} an effective remedy?"),
    typed("NORM.attacks_upon", "to attacks upon what shall {subject} be subjected?"),
    typed("RIGHT.freedom_of", "to freedom of what does {subject} have the right?"),
    typed("RIGHT.seek", "what does {subject} have the right to seek and to enjoy in other countries?"),
    typed("RIGHT.has", "to what does {subject} have the right?"),
    typed("NORM.consent_of", "{subject} shall be entered into only with the free and full consent of whom?"),
    typed("NORM.deprived_of", "of what shall {subject} be arbitrarily deprived?"),
    typed("NORM.compelled", "to what may {subject} be compelled to belong?"),
    typed("RIGHT.access_to", "to what does {subject} have the right of equal access?"),
    typed("NORM.held_by", "by what shall {subject} be held, or by equivalent free voting procedures?"),
    typed("RIGHT.free_choice", "of what does {subject} have the right to free choice?"),
    typed("RIGHT.against", "against what does {subject} have the right to protection?"),
    typed("RIGHT.form_and_join", "what does {subject} have the right to form and to join?"),
    typed("STATE.stages", "in which stages shall {subject} be free, at least?"),
    typed("STATE.basis", "on the basis of what shall {subject} be equally accessible to all?"),
    typed("STATE.shall_be", "what shall {subject} be?"),
    typed("RIGHT.participate_in", "in what does {subject} have the right freely to participate?"),
    typed("RIGHT.entitled_to", "to what kind of order is {subject} entitled?"),
    typed("NORM.duties_to", "to what does {subject} have duties?"),
    typed("QUALITY.must_be", "what must {subject} be?"),
    named("holder", ("RIGHT.holder_right",), "who has {object}?", ("holder",)),
    named("entitled", ("RIGHT.holder_entitled",), "who or what is entitled to {object}?", ("holder",)),
    named("enjoys", ("RIGHT.holder_enjoys",), "who shall enjoy {object}?", ("holder",)),
    choice("quality", ("QUALITY.must_be",), "{subject} must be which of the following?"),
    choice("identity", ("IDENTITY.is_called",), "{subject} is which of the following?"),
    choice("access", ("STATE.shall_be",), "{subject} shall be which of the following?"),
    choice(
        "without_discrimination",
        ("RIGHT.without_discrimination",),
        "{subject}, without any discrimination, has the right to which of the following?",
    ),
    choice(
        "member",
        ("ENUM.list",),
        "which of the following is named where the blank stands in “{quote}”?",
        target="member",
    ),
    choice("blank", ("*",), "which of the following stands in the blank in “{quote}”?", target="blank"),
)

PAIRINGS = (
    Pairing(
        "holder.matching",
        HOLDERS,
        "object",
        "subject",
        IN_SCOPE + "who or what has or enjoys each of these? Match them." + ONCE,
        ("holder",),
        types=("holder",),
    ),
    Pairing(
        "act.matching",
        ("ACT.act",),
        "object",
        "subject",
        IN_SCOPE + "whose act is each of these? Match them." + ONCE,
        ("holder",),
        types=("actor",),
    ),
    Pairing(
        "identity.matching",
        ("IDENTITY.is_called",),
        "subject",
        "object",
        IN_SCOPE + "what is each of these called? Match them." + ONCE,
        ("=",),
    ),
    Pairing(
        "access.matching",
        ("STATE.shall_be",),
        "subject",
        "object",
        IN_SCOPE + "what shall each kind of education be? Match them." + ONCE,
        ("=",),
    ),
    Pairing(
        "quality.matching",
        ("QUALITY.must_be",),
        "subject",
        "object",
        IN_SCOPE + "what must each of these be? Match them." + ONCE,
        ("=",),
        rounds=3,
        smallest=4,
    ),
    Pairing(
        "purpose.matching",
        ("PURPOSE.purpose",),
        "subject",
        "object",
        IN_SCOPE + "what does each of these serve? Match them." + ONCE,
        ("=",),
    ),
    Pairing(
        "article.matching",
        ("ARTICLE.topic",),
        "object",
        "section",
        IN_SCOPE + "in which article does each of these stand? Match them." + ONCE,
        ("article",),
        grouped=True,
        types=("article",),
        shuffled=True,
    ),
)

ORDERS = (
    Order(
        "civil.order",
        ("ARTICLE.civil",),
        "Put these subjects into the order in which the articles of the document take them up.",
    ),
    Order(
        "personal.order",
        ("ARTICLE.personal",),
        "Put these matters into the order in which the articles of the document deal with them.",
    ),
    Order(
        "social.order",
        ("ARTICLE.social",),
        "Put these social and cultural rights into the order of the articles of the document.",
    ),
)

EN = Language(
    code="en",
    particles=FUNCTION_WORDS,
    numerals=(*"zero one two three four five six seven eight nine ten".split(), *map(str, range(11, 100))),
    cloze="Complete these words of {scope}: {quoted}",
    choice_cloze="Which of the following completes these words of {scope}? {quoted}",
    enumeration="Which {count} things does {scope} list in the blank? {quoted} (in any order)",
    open_enumeration="Which {count} things does {scope} name in the blank? {quoted} (in any order)",
    whole_document="the document",
    numbered="",
    asks=ASKS,
    pairings=PAIRINGS,
    orders=ORDERS,
    is_scoped=True,
    natural_pools=frozenset({"article"}),
    verbs=("to ", "a ", "an ", "the ", "his ", "their "),
    )
