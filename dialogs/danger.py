"""Whether words sound as if a child is in danger now: the live safeguarding route is then said first (domain, section
5). Rather once too often than once too little; what speaks of the work on audits is told apart, where nothing in it
says that it is now."""

import re
from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

_CHILD = (
    r"child|children|childs|kids?|kiddies|bab(?:y|ies|ys)|newborn|infants?|toddlers?|boys?|girls?|lads?|lass(?:es)?|"
    r"teen(?:ager)?s?|yps?|young (?:person|people|man|woman)|sons?|daughters?|siblings?|brothers?|sisters?|pupils?|"
    r"twins?|little one|(?:year|yr|month|week)s? olds?|\d+ ?yo|c ?\d{4,9}"
)
_THEM = r"he|she|they|him|her|them|hes|shes|theyre|theyve|hed|shed|theyd|himself|herself|themselves"
_ADULT = (
    r"mum|mums|mam|mummy|mother|dad|dads|daddy|father|parents?|step ?(?:dad|mum|father|mother|son|parent)s?|carers?|"
    r"foster (?:mum|dad|carers?)|uncle|aunt|auntie|grandad|granddad|grandma|grandfather|grandmother|nan|cousin|"
    r"boyfriend|girlfriend|partner|husband|wife|ex|man|men|bloke|dealers?|gang|family|neighbour"
)
_MARKS: Mapping[str, str] = {
    "child": _CHILD,
    "my child": r"(?:my|a|another|different|other|wrong) (?:\w+ )?(?:child|kid)",
    "them": _THEM,
    "adult": _ADULT,
    "anybody": r"someone|somebody|everyone|everybody|me|us",
    "now": r"now|tonight|tonite|today|at the moment|this (?:morning|afternoon|evening|minute|second)|last night|"
    r"tomorrow|just|immediate(?:ly)?|yesterday|straight away|in progress|as we speak",
    "urgent": r"urgent(?:ly)?|emergency|sos|immediate(?:ly)?|asap|help|crisis|desperate",
    "help": r"help|please|need|needs|needed",
    "safeguarding": r"safeguarding|child protection|mash|front door",
    # what it is about when it is about the work
    "work": r"audit\w*|returns?|rational\w+|deadlines?|thematics?|themed?|themes|dip|sample|cohorts?|moderat\w+|"
    r"grade[ds]?|grading|reports?|exempt\w*|leave|bereavement|chronolog\w+|assessed|assessments?|recorded|explored|"
    r"histor\w+|past|last year|policy|board|partnership|prevention|inadequate|ratings?|quality|how many|how often|"
    r"tracker|list|pool|reminders?|approvals?|programme|draw|issue|login|password|mosaic|training|figures|"
    r"what (?:is|does|counts|are)|whats|difference|meaning|definition|summary|swap|plan|episodes|cat [12]s|"
    r"log in|case closed|reflection|slip|late",
    # what is done to somebody
    "harm": r"kill\w*|murder\w*|hurt\w*|harm(?:s|ed|ing)|hit|hits|hitting|beat|beats|beaten|beating|batter\w*|"
    r"punch\w*|slap\w*|smack\w*|kick(?:s|ed|ing)|strangl\w+|chok(?:e[ds]?|ing)|throttl\w+|smother\w*|suffocat\w+|"
    r"drown\w*|stab|stabs|stabbed|stabbing|shoot|shoots|shooting|shot|burn(?:s|t|ed|ing)?|scald\w*|attack\w*|"
    r"assault\w*|abus\w+|rap(?:e|es|ed|ing|ist)|molest\w*|groom\w*|threaten\w*|threw|thrown|throwing|shak(?:en|ing)|"
    r"shook|whip(?:s|ped|ping)|tortur\w+|poison\w*|bit(?:es|ten)|biting|traffick\w*|abduct\w*|snatch\w*|kidnap\w*|"
    r"neglect\w*|starv\w+|exploit\w*|tied up|lock(?:s|ed|ing) (?:up|in|out|away|her|him|them)|pimp\w*|"
    r"held in|violent|violence|lash\w* out|knocked|thump\w*|grab\w*",
    "killed": r"(?:be|get|getting|being) (?:killed|hurt|stabbed|shot|murdered)",
    "sexual": r"touch(?:es|ed|ing)? (?:\w+ ){0,2}?(?:her|him|me|them|the child)|make[s]? her touch|make[s]? him touch|"
    r"sex with|sexual\w*|inappropriate\w* touch\w*|naked|nudes?|indecent|csa|cse|fgm|forced marriage|"
    r"older (?:man|men|boyfriend|bloke)|with a man|county lines|slept with|had sex|having sex|prostitut\w+",
    "offender": r"(?:sex|registered|schedule (?:one|1)|convicted) offender|paedo\w*|pedo\w*|rso",
    "disclosed": r"disclos\w+|told me|said (?:that )?(?:he|she|they|her|his|dad|mum)|says (?:that )?(?:he|she|her|his)",
    "death": r"dead|dies|died|dying|death|lifeless|going to die|will die",
    "dies": r"dying|dead|going to die|will die|wants to die|could die|might die",
    "self": r"suicid\w*|self ?harm\w*|overdos\w*|took (?:an? )?od|cut(?:s|ting)? (?:him|her|them)sel(?:f|ves)|"
    r"hang\w* (?:him|her|them)sel(?:f|ves)|hung (?:him|her)self|kill\w* (?:him|her|them|my)sel(?:f|ves)|"
    r"end (?:it|it all|(?:his|her|their) (?:own )?life)|wants? to die|ligatures?|jump off|jump from|"
    r"take (?:his|her|their) (?:own )?life|cant go on|want to be here|"
    r"(?:taken|took|swallow\w+) (?:\w+ ){0,3}(?:paracetamol|tablets|pills|bleach|meds|medication)",
    "always": r"suicidal|overdosed?|home alone|not breathing|isnt breathing|stopped breathing|cant breathe|"
    r"unconscious|bleeding|wont wake(?: up)?|ambulance|999|call the police|ring the police|police needed|"
    r"need (?:the )?police|in (?:immediate |grave |serious |great |real |imminent )?danger|danger now|"
    r"(?:immediate|imminent) danger|gone missing|went missing|hang\w* (?:him|her|them)sel(?:f|ves)|"
    r"wants? to die|missing (?:child|kid|boy|girl|baby)|turning blue|gone blue|stopped responding|unresponsive|"
    r"collapsed|wants to kill|threaten\w* to (?:kill|stab|hurt|shoot|burn)",
    "unwell": r"seizure|fitting|a fit|head injur\w+|fractur\w+|broken (?:\w+ )?(?:arm|leg|rib|bone|nose|wrist)s?|"
    r"bruis\w*|black eye|burns?|cigarette burns|injur\w+|wounds?|concuss\w*|bite marks?|hospital|"
    r"shaken|blood|bled",
    "weapon": r"knife|knives|gun|shotgun|machete|weapon\w*|axe|hammer|acid|petrol|firearm|blade|baseball bat",
    "drunk": r"drunk|drinking|pissed|paralytic|stoned|passed out|wasted|intoxicated|on drugs|high on|"
    r"off (?:her|his|their) (?:face|head|heads|faces)|psychotic|psychosis|breakdown|kicking off|smashed up|smashing|"
    r"raging|heroin|crack|hearing voices|out of control|lost it|sectioned|taken drugs|under the influence",
    "afraid": r"scared|terrified|frightened|afraid|petrified|fear(?:s|ful)?",
    "alone": r"alone|unattended|unsupervised|abandoned|left on (?:her|his|their) own|by (?:him|her|them)sel(?:f|ves)|"
    r"on (?:her|his|their) own|on the street|in the street|wandering|nobody with (?:her|him|them)|sleeping rough",
    "seen": r"seen|spoken|spoke|visited|met",
    "missing": r"missing|absconded|run away|ran away|run off|ran off|runaway|disappeared|vanished|fled|"
    r"not come (?:home|back)|hasnt come (?:home|back)|not (?:returned )?home|whereabouts|cant be found|"
    r"cant find (?:her|him|them)|not been seen since|out of the country|taken (?:her|him|them) away",
    "evidence": r"evidence|from my|from the|reviewer|views|rationale|a child|from our",
    "unsafe": r"(?:not|isnt|arent|aint|wasnt|never|no longer|doesnt feel|dont feel|not feel|not feeling|not be|wont be)"
    r" (?:very |at all |feeling )?(?:safe|saef|sfae)|unsafe|in dangr|dangerous",
    "risk": r"at (?:\w+ )?risk|(?:immediate|imminent|serious|high|real|severe) risk|risk right now|"
    r"risk of (?:\w+ )?harm|significant harm(?: now)?|risk to (?:life|the (?:child|children|kids|baby)|her|him|them)",
    "grave risk": r"(?:immediate|imminent) risk|significant harm(?: now)?|risk of (?:\w+ )?harm|risk right now|"
    r"risk to life|life at risk|risk to the (?:child|children|kids|baby)|at (?:immediate|serious|imminent) risk",
    "home": r"dv|domestic (?:violence|abuse|incident)|on fire|house fire|flooded|gas leak",
    "on fire": r"(?:house|home|flat|placement) is on fire",
    "want": r"no food|no heating|starv\w+|no electric\w*|squalor|filthy|freezing|soiled",
    "police": r"police",
    "outside": r"outside|at the (?:house|home|door|flat)|in the (?:house|home|flat)|broken in|upstairs|"
    r"screaming|called",
    "whom": r"who (?:do|should|can|shall) i (?:ring|call|phone|tell|contact|report)|who to (?:ring|call|phone)",
    "referral": r"(?:make|do|start|send) (?:an? )?(?:\w+ )?referral",
}  # fmt: skip
_FOUND = {mark: re.compile(rf"\b(?:{words})\b") for mark, words in _MARKS.items()}

_SOMEBODY = "child/them/adult"
_HURT = "child/them/adult/anybody"
_RULES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("always",), "login"),
    (("now", "harm", _HURT), "out of hours"),
    (("harm", "child/them"), "work"),
    (("harm", "adult", _HURT), "work"),
    (("harm", "anybody", "disclosed/now"), "work"),
    (("killed", "anybody"), "work"),
    (("harm/sexual", "disclosed"), "work"),
    (("sexual", "now/them/child"), "work"),
    (("sexual", "now", _SOMEBODY), ""),
    (("offender",), "work"),
    (("self",), "work"),
    (("self", "now"), "work"),
    (("self", "now", "child/them"), ""),
    (("dies", "child/them"), "work"),
    (("death", "child/them"), "work"),
    (("unwell", "child/them"), "work"),
    (("weapon", _HURT), "work"),
    (("weapon", "now"), ""),
    (("drunk", _SOMEBODY), "work"),
    (("afraid", "child/them"), "work"),
    (("alone", "child/them"), "work/seen"),
    (("alone", "now", "child/them"), "work/seen"),
    (("missing", "child/them"), "work/evidence"),
    (("missing", "now", "child/them"), "work"),
    (("unsafe", "child/them/now/outside"), ""),
    (("risk", "child/them"), "work"),
    (("risk", "now", "child/them"), ""),
    (("grave risk",), "work"),
    (("home", "now/child/outside"), "work"),
    (("on fire",), "work"),
    (("want", "child/them"), "work"),
    (("police", "outside"), "work"),
    (("whom",), "work"),
    (("whom", "child/now/safeguarding", "risk/harm/unsafe"), ""),
    (("referral", "now/urgent"), "work"),
    (("safeguarding", "urgent/now"), "work"),
    (("urgent", "help/now", "child"), "work/my child"),
)
"""Each: groups of marks, one of each must be there, and marks of which none may be."""

_WHOLE = re.compile(
    r"(?:please )?(?:(?:urgent|emergency|sos|mayday|safeguarding|danger|not safe|unsafe|police|its not safe|child risk)"
    r"(?: (?:now|please|help|urgent|emergency|child|kid|baby|concern|issue|alert))*|"
    r"(?:child|baby|kid) (?:emergency|urgent|danger|help)|urgent child(?:ren)?)"
)
"""Said alone, they need nothing beside them; "urgent" alone is of the work."""
_DENIED = re.compile(
    r"\b(?:not|no longer|never|isnt|no) (?:at (?:\w+ )?risk|in (?:\w+ )?danger|immediate (?:risk|danger)|"
    r"missing|alone|hurt|harmed|afraid|scared)\b"
)
_HARMLESS = re.compile(
    r"\b(?:take a stab|hit (?:the|my|our) (?:deadline|target)|ring me|shoot me|emergency (?:leave|surgery|dentist)|"
    r"kill(?:ing|s|ed)? (?:me|us|the reminder)|dying to|missing (?:episodes|from (?:my|the|our)|a |an |my )\b|"
    r"(?:seen|see|spoken to|spoke to|alone was) alone)\b"
)
_WORDS = """
    danger dangerous suicidal suicide overdose emergency safeguarding breathing unconscious child children tonight
    unsafe missing abused strangled stabbed attacked assaulted threatening threatened urgent immediate ambulance police
    bleeding knife bruises terrified frightened scared significant
"""
VOCABULARY = frozenset(_WORDS.split())
_TARGETS = sorted(word for word in VOCABULARY if len(word) >= 5)


@lru_cache(maxsize=4096)
def _spelt(token: str) -> str:
    """One slip in a word of danger, two in a long one; the first letter is right."""
    if len(token) < 4 or token in VOCABULARY or not token.isalpha():
        return token
    slips = 1 if len(token) < 8 else 2
    best = process.extractOne(token, _TARGETS, scorer=DamerauLevenshtein.distance, score_cutoff=slips)
    return best[0] if best is not None and best[0][0] == token[0] else token


def heard(plain: str) -> bool:
    """`plain`: in lower case, without apostrophes, with single blanks (`spelling.plain`)."""
    said = " ".join(_spelt(token) for token in plain.split())
    if _WHOLE.fullmatch(said) and said != "urgent":
        return True
    left = _HARMLESS.sub(" ", _DENIED.sub(" ", said))
    marks = {mark for mark, words in _FOUND.items() if words.search(left)}
    return any(
        all(marks & set(group.split("/")) for group in groups) and not marks & set(without.split("/"))
        for groups, without in _RULES
    )
