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


def match(
    rule: str,
    relations: tuple[str, ...],
    question: str,
    sides: str,
    names: str = "",
    *,
    rounds: int = 1,
    smallest: int = 3,
) -> Pairing:
    """A matching set; `names`: the type of the entities on the right, without which they are texts of one pool."""
    premise, response = sides.split(">")
    is_numbered = response == "section"
    return Pairing(
        f"{rule}.matching",
        relations,
        premise,
        response,
        f"{IN_SCOPE}{question} Match them.{ONCE}",
        (names or "=",),
        rounds=rounds,
        smallest=smallest,
        types=(names,) if names else (),
        grouped=is_numbered,
        shuffled=is_numbered,
    )


def plain(rule: str, kind: str, target: str, relations: tuple[str, ...], stem: str) -> Ask:
    """A question about what a rule proposed: its subject is named by the text and not described any further."""
    ending = "typed" if kind == "short_answer" else "choice"
    return Ask(f"{rule}.{ending}", kind, target, relations, stem, plain=True)


NORMS = ("NORM.duty", "NORM.right", "NORM.prohibition", "NORM.power")
CLAIMS = (*NORMS, "GOAL.purpose", "QUANTITY.number", "EVENT.date", "IDENTITY.means", "IDENTITY.is")
ASKS = (
    plain("defined", "short_answer", "subject", ("IDENTITY.means",), IN_SCOPE + "which term means “{object}”?"),
    plain("called", "short_answer", "subject", ("IDENTITY.is",), IN_SCOPE + "what is “{object}”?"),
    plain("who", "short_answer", "subject", NORMS, IN_SCOPE + "who or what “{claim}”?"),
    Ask(
        "section_title.typed",
        "short_answer",
        "object",
        ("META.section_title",),
        "Which title does {subject} of the document have?",
        plain=True,
    ),
    plain("defined", "choice", "subject", ("IDENTITY.means",), IN_SCOPE + "which of the following means “{object}”?"),
    plain("means", "choice", "object", ("IDENTITY.means",), IN_SCOPE + "“{subject}” means which of the following?"),
    plain("who", "choice", "subject", NORMS, IN_SCOPE + "which of the following “{claim}”?"),
    plain("heading", "choice", "heading", CLAIMS, "Under which heading of the document does “{saying}” stand?"),
    typed("IDENTITY.is_called", "what is “{object}”?", target="subject"),
    typed("RESULT.resulted_in", "what have {subject} resulted in?"),
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
    typed("STATE.is_free", "what shall {subject} be, at least in the elementary and fundamental stages?"),
    typed("STATE.basis", "on the basis of what shall {subject} be equally accessible to all?"),
    typed("STATE.shall_be", "what shall {subject} be?"),
    typed("RIGHT.participate_in", "in what does {subject} have the right freely to participate?"),
    typed("RIGHT.entitled_to", "to what kind of order is {subject} entitled?"),
    typed("NORM.duties_to", "to what does {subject} have duties?"),
    typed("QUALITY.must_be", "what must {subject} be?"),
    typed("KIND.kinds", "which two kinds of {subject} are to be protected?"),
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
    match("holder", HOLDERS, "who or what has or enjoys each of these?", "object>subject", "holder", rounds=2),
    match("act", ("ACT.act",), "whose act is each of these?", "object>subject", "actor"),
    match("identity", ("IDENTITY.is_called",), "what is each of these called?", "subject>object"),
    match("access", ("STATE.shall_be",), "what shall each kind of education be?", "subject>object"),
    match("quality", ("QUALITY.must_be",), "what must each of these be?", "subject>object", rounds=3, smallest=4),
    match("purpose", ("PURPOSE.purpose",), "what does each of these serve?", "subject>object"),
    Pairing(
        "defined.matching",
        ("IDENTITY.means",),
        "object",
        "subject",
        f"{IN_SCOPE}which term does each of these define? Match them.{ONCE}",
        ("subject",),
        plain=True,
    ),
    Pairing(
        "who.matching",
        NORMS,
        "claim",
        "subject",
        f"{IN_SCOPE}of whom or what does the document say each of these? Match them.{ONCE}",
        ("subject",),
        rounds=2,
        plain=True,
    ),
    Pairing(
        "heading.matching",
        CLAIMS,
        "saying",
        "heading",
        f"{IN_SCOPE}under which heading does each of these stand? Match them.{ONCE}",
        ("heading",),
        rounds=2,
        plain=True,
    ),
    match("article", ("ARTICLE.topic",), "in which article does each of these stand?", "object>section", "article"),
)

ORDERS = (
    Order("chapters.order", ("META.section_title",), "Put these titles into the order in which the document has them."),
    *(
        Order(f"{name}.order", (f"ARTICLE.{name}",), f"Put these matters into the order in which the document {verb}.")
        for name, verb in (("civil", "takes them up"), ("personal", "deals with them"), ("social", "turns to them"))
    ),
)

EN = Language(
    code="en",
    particles=FUNCTION_WORDS,
    numerals=(*"zero one two three four five six seven eight nine ten".split(), *map(str, range(11, 100))),
    cloze="Complete these words of {scope}: {quoted}",
    choice_cloze="Which of the following completes these words of {scope}? {quoted}",
    enumeration="Which {count} items does {scope} list in the blank, in any order? {quoted}",
    open_enumeration="Which {count} items does {scope} name in the blank, in any order? {quoted}",
    whole_document="the document",
    numbered="",
    asks=ASKS,
    pairings=PAIRINGS,
    orders=ORDERS,
    smallest_list_quote=16,
    is_scoped=True,
    natural_pools=frozenset({"article"}),
    verbs=("to ", "a ", "an ", "the ", "his ", "their "),
)
