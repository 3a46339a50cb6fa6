"""The grammar of what people type: whole commands, rules of words, and words that fill slots.

A rule matches when every group has one of its words in the text and no word of `without` is there; the rule with
the highest `weight` wins, the earlier of equals. Words are compared after spelling has been corrected towards the
words of these tables; two words that belong together ("part time") are written with a space.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """`groups`: alternatives separated by "/"; `weight` between 0 and 1 is the confidence that a match gives."""

    intent: str
    groups: tuple[frozenset[str], ...]
    without: frozenset[str]
    weight: float


def _rule(intent: str, weight: float, *groups: str, without: str = "") -> Rule:
    return Rule(intent, tuple(_words(g) for g in groups), _words(without) if without else frozenset(), weight)


def _words(group: str) -> frozenset[str]:
    return frozenset(word.strip() for word in group.split("/"))


COMMANDS: dict[str, str] = {
    "help": "help", "h": "help", "commands": "help", "menu": "help", "what can you do": "help",
    "what can i do": "help",
    "what can i say": "help", "start": "help", "help me": "help", "options": "help", "how does this work": "help",
    "hi": "hi", "hello": "hi", "hey": "hi", "hiya": "hi", "hi there": "hi", "hello there": "hi", "good morning": "hi",
    "good afternoon": "hi", "hallo": "hi", "hey there": "hi",
    "morning": "smalltalk", "thanks": "smalltalk", "thank you": "smalltalk", "thx": "smalltalk", "ta": "smalltalk",
    "cheers": "smalltalk", "ok thanks": "smalltalk", "great thanks": "smalltalk", "bye": "smalltalk",
    "my audit": "my_audits", "my audits": "my_audits", "audit": "my_audits", "audits": "my_audits",
    "whats on my plate": "my_audits",
    "my actions": "my_actions", "actions": "my_actions",
    "exemption": "request_exemption", "exemptions": "exemption_list", "exempt": "request_exemption",
    "my exemptions": "exemption_list", "my exemption": "exemption_list", "all exemptions": "exemption_list",
    "tracker": "tracker", "trackers": "tracker", "concerns": "coc_list", "children of concern": "coc_list",
    "coc": "coc_list", "cocs": "coc_list", "coc tracker": "coc_list", "cat 1s": "coc_list", "cat 2s": "coc_list",
    "child of concern": "raise_child_of_concern", "raise a concern": "raise_child_of_concern",
    "raise concern": "raise_child_of_concern", "raise a child of concern": "raise_child_of_concern",
    "i have it": "coc_respond", "ive got it": "coc_respond", "i have got it": "coc_respond", "ack": "coc_respond",
    "summary": "summary", "monthly summary": "summary", "debug": "debug",
    "waiting": "exemption_waiting", "approvals": "exemption_waiting", "approval": "exemption_waiting",
    "pending": "exemption_waiting", "inbox": "exemption_waiting", "my approvals": "exemption_waiting",
    "to do": "exemption_waiting", "todo": "exemption_waiting",
    "deputy": "delegation", "deputies": "delegation", "my deputy": "delegation", "my deputies": "delegation",
    "out of office": "delegation", "delegate": "delegation",
    "freed": "exemption_waiting", "freed children": "exemption_waiting", "freed audits": "exemption_waiting",
    "failed messages": "delivery", "failed": "delivery", "undelivered": "delivery",
    "issue": "allocate_audits", "draw": "allocate_audits", "issue audits": "allocate_audits",
    "pool": "pool_capacity", "the pool": "pool_capacity", "capacity": "pool_capacity", "programme": "programme",
    "calendar": "programme", "audit calendar": "programme", "audit programme": "programme",
    "moderation": "assign_moderation", "moderate": "assign_moderation", "my moderation": "assign_moderation",
    "third lock": "third_lock", "3rd lock": "third_lock", "to lock": "third_lock", "lock": "third_lock",
    "upload": "upload", "uploads": "upload", "to upload": "upload",
    "re audits": "reaudit", "reaudits": "reaudit", "re audit": "reaudit", "reaudit": "reaudit",
    "observations": "supervision_observation", "observation": "supervision_observation",
    "dip samples": "thematic_dip", "dip sample": "thematic_dip", "thematic": "thematic_dip",
    "thematics": "thematic_dip",
    "return": "submit_audit", "my return": "submit_audit", "fill in": "submit_audit", "finished": "submit_audit",
    "coming": "coming", "what is coming": "coming", "whats coming": "coming", "whats coming up": "coming",
    "audits of my children": "coming", "my childrens audits": "coming",
    "results": "results", "my results": "results", "results of my children": "results", "comment": "results",
    "my team": "team_history", "team history": "team_history", "requests": "audit_requests",
    "ok": "clarify", "yes": "clarify", "no": "clarify", "done": "clarify", "ri": "clarify",
}  # fmt: skip

_ASKS = "exempt/exemption/exempted/exempting"
_MINE = "my/me/i/im/ive/mine"
_ACTION = "action/actions"
_CONCERN = "concern/coc/cat 1/cat 2/category 1/category 2/cat1/cat2/cat i/cat one/category one/the cat/alert"
_NOT_CONCERN = "exemption/exempt/exempted/audit/audits/@audit/return/returns/grade/action/actions"

RULES: tuple[Rule, ...] = (
    # deputies
    _rule("delegation", 0.9, "deputy/deputies/deputise/delegate/delegation/stand in/stands in/standin"),
    _rule("delegation", 0.85, "cover/covers/covering", "for me/while im/when im"),
    _rule("reallocate_audit", 0.93, "away/on leave/off sick/sick/unwell", "@audit", without=_ASKS),
    _rule("delegation", 0.8, "im/i am", "on leave/away/on holiday/annual leave/out of office", without=_ASKS),
    # what waits, and decisions
    _rule("exemption_waiting", 0.9, "waiting/pending/outstanding/queue", "me/my/for me/approval/approvals/decision",
          without="actions/action/returns/audits/child/children"),
    _rule("exemption_waiting", 0.9, "waiting", without="actions/action/audit/audits"),
    _rule("exemption_waiting", 0.85, "need/needs/have/got", "approve/decide/endorse/sign off", without="coc/concern"),
    _rule("exemption_waiting", 0.85, "approvals"),
    _rule("exemption_waiting", 0.88, "freed/taken off/needs another auditor/need another auditor/without an auditor"),
    _rule("exemption_decision", 0.87, "approve/approved/decline/declined/reject/refuse/endorse",
          without="exemptions/how many/list/coc/concern/has/was/have"),
    # lists of exemptions
    _rule("exemption_list", 0.88, "exemptions", without="waiting/pending"),
    _rule("exemption_list", 0.9, "how many/list/show/all requests/which/who", "exempt/exemption/exemptions/exempted"),
    _rule("exemption_list", 0.92, "status/happened/gone through/progress/approved/agreed/heard/decided/where",
          "exemption/exemptions/exempted"),
    _rule("exemption_list", 0.9, "withdraw/cancel/take back", "exemption/exemptions/request"),
    # asking for one
    _rule("request_exemption", 0.85, _ASKS),
    _rule("request_exemption", 0.8, "skip/miss/leave it/excused/leave out/opt out/sit out/not do/get out of",
          "audit/month/this time/time"),
    _rule("request_exemption", 0.8, "too busy/cant do/no time/unable", "audit/month/time"),
    _rule("request_exemption", 0.85, "leaving/maternity/off sick/long term sick/final hearing/final hearings",
          "audit/month/still/from"),
    # one's own audits
    _rule("my_audits", 0.85, "my/mine/i/im/me/team/teams/whos", "audit/audits/auditing/audited/moderating",
          without="done/finished/submit/submitting/late/actions/action/done my"),
    _rule("coming", 0.86, "what is coming/whats coming/coming up/upcoming/audits of my children/my childrens audits",
          without=_ASKS),
    _rule("results", 0.91, "comment/comments/commenting", "i/on/to/my/want/@audit/@child",
          without=_CONCERN + "/moderator/moderation/actions/action/exemption"),
    _rule("results", 0.9, "results/result", "my/children/kids/childrens/child", "audit/audits/children/kids/my",
          without=_CONCERN + "/re audit/re audits/reaudit/reaudits/moderation/figures/month/@month/my team"),
    _rule("audit_show", 0.86, "who/whos/whose/what/whats/which/status/state/where/wheres/how is/hows/show/find/open/"
          "look up/see/about/audit/audits/auditing/audited/grade/graded/happened", "@child/@audit",
          without="my/mine/i/im/ive/exempt/exemption/exempted/action/actions/concern/concerns/coc/late/overdue/undo/"
          "mistake"),
    _rule("my_audits", 0.85, "my/whos", "child/kid/case", without="safe/danger/concern"),
    _rule("my_audits", 0.8, "which/what/who", "child/kid/kids/case/audit/audits",
          "audit/audits/audited/auditing/got"),
    _rule("my_audits", 0.8, "audit/audits", "this month/next month/last month"),
    _rule("audit_deadline", 0.9, "when/deadline/due/how long/days/last day/working day",
          "audit/deadline/due/left/month/end of the month/got left/last working day",
          without="actions/action/reaudit/dip/re audit/concern/nudge/remind"),
    # what is known, and comes later
    _rule("my_actions", 0.9, _MINE, _ACTION, without="overdue/close/closed/reopen"),
    _rule("my_actions", 0.85, "outstanding/owe", _MINE, without="audits/audit/returns"),
    _rule("overdue_actions", 0.92, "overdue", without="audit/audits"),
    _rule("close_action", 0.85, "close/closed/reopen/mark", "action/actions/done/evidence/file"),
    _rule("submit_audit", 0.92, "done/finished/submit/submitting/completed/returning/complete/hand in/"
          "handing in/return",
          "audit/audits/@child/@audit/overall/return",
          without="not done/not finished/havent/who/how many/re audit/reaudit/whos/moderation/"
          "moderated/should/actions/action/which/"
          "concern/cat 1/"
                  "cat 2/coc/dip/obs/observation/observations/issue/sign off/late/back/any"),
    _rule("submit_audit", 0.9, "fill in/fill out/complete/start/continue/resume", "return/form/audit",
          without="who/which"),
    # the cycle
    _rule("record_moderation", 0.95, "moderated/moderation done/moderation finished/upscaled/downscaled/"
          "upgraded/downgraded",
          without="how often/how many/primary/who/whos/have i/grades/which/v/versus/not/challenge/disagree/why/was"),
    _rule("record_moderation", 0.93, "moderate", "@child/@audit", without="who/whos/who will"),
    _rule("record_moderation", 0.92, "up/down/upgrade/downgrade", "@audit", "@grade"),
    _rule("assign_moderation", 0.95, "top up/topup/more/another", "sample/moderations", without="dip/thematic"),
    _rule("record_moderation", 0.93, "agreed/agree", "@audit",
          without="dont/not/disagree/who/whos/until/till/date/day/extension/more time/slippage/reallocation/exempt/"
          "exemption/action/actions/why/when"),
    _rule("assign_moderation", 0.93, "moderate/moderating/moderation/moderators/moderator",
          "what have i/have i got/have i/to moderate/who/whos/assign/draw/send/sample/allocate/my/inadequates",
          without="how often/primary/challenge/disagree/dispute/exempt/exemption/trained/add/promote/make/as/"
          "am i/get me"),
    _rule("assign_moderation", 0.86, "moderation", "@month",
          without="exempt/exemption/grades/graded/how often/trained/deadline/due/why"),
    _rule("return_for_rework", 0.94, "send/sending/sent", "back", "@audit/@child",
          without="exemption/exempt/action/actions"),
    _rule("return_for_rework", 0.94, "send back/sent back/below standard/rework/resubmit/resubmitting/"
          "resubmitted/not up to standard/"
          "send it back/sending back", without="exemption/exempt/action/actions"),
    _rule("dispute_grade", 0.95, "challenge/dispute/disagree/appeal/dont agree/not agree",
          "moderation/moderated/moderator/grade/graded/"
          "@grade/downgraded/@audit", without="cat 1/cat 2/category/concern/coc"),
    _rule("third_lock", 0.93, "third lock/3rd lock/third locks/locked/lock", without="out/screen/phone/account"),
    _rule("upload", 0.92, "upload/uploaded/uploading/uploads", without="report/document/photo/evidence"),
    _rule("reaudit", 0.94, "re audit/reaudit/re audits/reaudits/re audited/reaudited"),
    _rule("thematic_dip", 0.93, "dip/dips/dip sample/dip samples/thematic/thematics/themed", without=_ASKS),
    _rule("supervision_observation", 0.93, "observation/observations/obs/observing/observed/observe",
          "supervision/supervisions/log/how many/due/my/done/month/count/record/@child/who/which/is"),
    _rule("activity", 0.91, "practice review/practice reviews/review week/early help audit/early help audits/"
          "minimum standards/minimum standard/multi agency audit/multi agency audits", without=_ASKS),
    _rule("programme", 0.92, "programme/audit calendar/years plan/annual plan/calendar", without="send/report"),
    _rule("team_history", 0.91, "my team/our team", "audited before/been audited/history/last audit/how did/"
          "audited last",
          without="this month/being"),
    _rule("pool_capacity", 0.94, "add/promote/make/train", "auditor/moderator", without="deputy/action/note"),
    _rule("pool_capacity", 0.94, "promote", "moderator/auditor/to"),
    _rule("allocate_audits", 0.93, "issue/draw/allocate/pull/exclude/leave out",
          "audits/sample/children/kids/cases/@child/random",
          without="moderation/moderate/moderators/wrong/why/swap/my/me/dip/thematic"),
    _rule("allocate_audits", 0.93, "who gets whom/who gets who/who gets which/who gets what/who audits whom/"
          "who audits who/who has whom"),
    _rule("audit_requests", 0.9, "slippage/slippages/reallocation/reallocations", "requests/waiting/open/who/list"),
    _rule("report_slippage", 0.92, "late/slip/slipping/behind/extension/delayed/running late",
          "audit/my/im/going to/might", without="returns/who/how many"),
    _rule("report_slippage", 0.91, "running late/slipping", without="action/actions/who/how many"),
    _rule("report_slippage", 0.93, "can i have/could i have/need/get",
          "till/until/more time/longer/few more days/extra time",
          without="action/actions"),
    _rule("reallocate_audit", 0.94, "conflict of interest/another child/other child/reallocate/swap/wrong child/"
          "different child/"
          "own team/case closed/case is closed/closed case/my own caseload", without="how many/exemption/exempt"),
    _rule("reallocate_audit", 0.95, "another auditor/other auditor/different auditor/somebody else/someone else",
          "@audit/@child", "give/move/needs/need/reassign/pass/to", without="moderator/moderate/action/actions"),
    _rule("reallocate_audit", 0.95, "take/taken/pull", "off", "@audit", without="sick/leave/moderator"),
    _rule("outstanding_returns", 0.9, "who/whos/which/late/how many", "returned/submitted/returns/nil returns"),
    _rule("completion_rate", 0.92, "completion/came back/come back/response rate/percent", without="engagement"),
    _rule("send_reminder", 0.9, "nudge/remind/chase/reminder"),
    _rule("ratings_summary", 0.85, "grades/ratings/grade split/good or better/grade"),
    # children of concern
    _rule("coc_signoff", 0.96, "sign off/signed off/signing off/signoff/sign it off",
          "@child/@concern/" + _CONCERN + "/director", without=_NOT_CONCERN),
    _rule("coc_challenge", 0.96, "dont agree/not agree/do not agree/disagree/challenge/challenging/re categorise/"
          "recategorise/re categorised/recategorised/re categorize/recategorize/uphold/upheld",
          "@concern/category/" + _CONCERN, without="grade/moderation/moderator/audit/@audit"),
    _rule("coc_challenge", 0.95, "re categorise/recategorise/re categorize/recategorize/uphold", "@child/@concern"),
    _rule("coc_respond", 0.955, "acknowledge/acknowledged/acknowledging/ack/acked", without=_NOT_CONCERN),
    _rule("coc_respond", 0.955, "seen/visiting/visited/visit/spoken/spoke/rang/hold of/get hold/on my way/response/"
          "responding/responded/respond/update/strategy meeting/taken into care/placed",
          "@concern/" + _CONCERN, without="who/which/how many/list/any/@audit"),
    _rule("coc_list", 0.95, "any/list/which/how many/how long/show/open/still open/by month/oldest/tracker/who has",
          _CONCERN + "/cocs/cat 1s/cat 2s/cat ones/concerns/@concern", without="raise/report/new/ive/think/action/"
          "actions"),
    _rule("coc_list", 0.94, "concerns/cocs/children of concern", without="action/actions/overdue/raise/report"),
    _rule("coc_list", 0.87, "@concern"),
    _rule("coc_list", 0.865, "happening/happened/going on/latest/update on", "@child",
          without="audit/audits/auditing/audited/grade/graded/return/returned/moderated/moderation/exemption"),
    _rule("coc_list", 0.88, "concern/concerns/coc/cocs/cat 1s/cat 2s/cat ones"),
    _rule("raise_child_of_concern", 0.9, "cat 1/cat 2/category 1/category 2/cat1/cat2/cat i/cat one/category one/"
          "category two/cat two/cat ii"),
    _rule("raise_child_of_concern", 0.92, "think/ive/raise/report/log/got/have/flag/new/another/raising",
          "child of concern/a concern/concern/coc", without="how many/who/any/concerns/list/action/actions"),
    _rule("raise_child_of_concern", 0.87, "worried/worry/concerned", "@child/child/kid/baby/case"),
    _rule("assign_moderation", 0.85, "who/whos/assign/draw/send", "moderating/moderators/moderation/moderator"),
    _rule("generate_report", 0.88, "report/scrutiny/highlights/one page/1 page"),
    _rule("pool_capacity", 0.88, "trained/pool/capacity", "auditors/auditor/moderators/pool/capacity"),
    _rule("allocate_audits", 0.88, "free to take/sample/issue/allocate/draw"),
    _rule("correct_mistake", 0.95, "correct/undo/change/fix/mistake/wrong/typo",
          "return/my grade/handed in/submitted/hand in/my answer/my answers",
          without="exemption/exempt/action/actions/moderation/moderated/moderator/challenge/disagree/date"),
    _rule("correct_mistake", 0.96, "correct", "@audit"),
    _rule("correct_mistake", 0.85, "undo/mistake/by accident/typo", without="action/actions"),
    _rule("debug", 0.85, "debug/correlation/correlation id"),
    _rule("tracker", 0.85, "tracker/trackers"),
    _rule("summary", 0.8, "summary/summarise"),
    _rule("help", 0.8, "help/commands/what can you do/what can i do/how do i use"),
    _rule("smalltalk", 0.8, "thanks/thank you/cheers/morning/great/brilliant"),
    _rule("hi", 0.7, "hi/hello/hey/hiya"),
)  # fmt: skip

REASONS: dict[str, frozenset[str]] = {
    "maternity": _words("maternity/pregnant/mat leave/adoption/paternity"),
    "ill_health": _words("sick/ill/illness/unwell/surgery/hospital/off sick/ill health/sickness/bereavement"),
    "leaving": _words("leaving/im leaving/resigned/handing in my notice/last day/new job/retiring/leaver"),
    "part_time_pattern": _words("part time/parttime/alternate month/every other month/reduced hours"),
    "statutory_work": _words(
        "court/hearing/hearings/evidence/final hearing/tribunal/proceedings/statutory/too busy/workload/caseload"
    ),
    "other_qa_activity": _words("multi agency/multiagency/jtai/practice review/qa activity/dip sample"),
    "moderating": _words("moderating/moderator/moderation"),
    "extended_leave": _words("extended leave/sabbatical/annual leave/on leave/leave/career break/holiday"),
}
"""The default policy's codes, the more telling first. A council whose list lacks one gets no reason filled in."""

OTHERS = _words(
    "my managers/managers/my team/my staff/my people/on behalf/for somebody/for someone/several/my auditors/one of my"
)

MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        ("january/jan", "february/feb", "march/mar", "april/apr", "may", "june/jun", "july/jul", "august/aug",
         "september/sept/sep", "october/oct", "november/nov", "december/dec"),
        start=1,
    )
    for name in names.split("/")
}  # fmt: skip

_COMMON = """
a about again am an and any are as at be because been but by can could do does dont for from had has have her him his
how if in into is it its just last like me more much next no not now of off on one or our out please she so some that
the their them then there they this time to today tonight tomorrow up us want was we week were what whats when where
which who whose why will with would year you your child children audit back make set give tell take see look find put
let team service head director name person people date day days month morning think here over under after before than
also very much well good bad best need needs
"""
OTHER_WORDS = frozenset(_COMMON.split())
"""Right as they stand: never corrected into a word of the tables."""
