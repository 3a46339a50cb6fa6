"""Why something about moderation, the third lock or the child's record cannot be done, and what to do next."""

from domain.audits import AuditState
from domain.cycle import Command
from domain.permissions import Permission

NOT_ALLOWED: dict[Permission, str] = {
    Permission.MODERATION_ASSIGN: "Moderators are named by the QA team and the head of quality. "
    "If an audit needs another moderator, ask {qa}.",
    Permission.MODERATION_JUDGE: "An audit is moderated by the moderator who was named for it. "
    "If you should moderate it, ask {qa}.",
    Permission.MODERATION_LOCK: "The third lock is the head of quality's, or their deputy's. "
    "If a grade should be looked at again, ask {qa}.",
    Permission.GRADE_DISPUTE: "A grade is disputed by the auditor, the team's manager or the head of service. "
    "If you see it differently, speak to one of them.",
    Permission.AUDIT_UPLOAD: "That an audit is on the child's record is ticked by its auditor or the QA team. "
    "If it is there already, tell {qa}.",
}

WHY_NOT: dict[str, str] = {
    "own_audit": "Nobody moderates or confirms what they audited or moderated themselves, in any role or as a deputy. "
    "If nobody else can do it, ask {qa}.",
    "own_take_off": "This audit is your own, and nobody takes an audit off themselves. Ask a colleague of the QA team "
    "to do it, or ask for a change.",
    "own_dispute": "You disputed this grade, so somebody else has to decide it. "
    "You are told here when it is decided.",
    "own_team": "The child is of your own team now, so somebody else has to moderate this audit. "
    "Nothing was saved; ask {qa} for another moderator.",
    "was_moderated": "It has been moderated, so its return can no longer be corrected, also not after it was reopened: "
    "the first grade stays beside the moderated one. If something in it is wrong, tell {qa}.",
    "list_changed": "The list has changed since it was shown, so nothing was done. "
    "Look at it as it is now, then press the button again.",
}

AUDIT_MOVED_ON: dict[str, str] = {
    AuditState.SENT_BACK.value: "it has been sent back for rework",
    AuditState.RESUBMITTED.value: "it has been returned again",
    AuditState.DISPUTED.value: "its grade is disputed, and the head of quality decides",
    AuditState.LOCKED.value: "its grade has been confirmed",
}

AUDIT_EVENTS: dict[str, str] = {
    Command.CORRECT.value: "its auditor has corrected the return",
    Command.ASSIGN.value: "a moderator was named for it",
    Command.REOPEN.value: "it has been reopened",
    Command.UNTICK.value: "the tick of the child's record was taken back",
    Command.CHANGE_CHILD.value: "another child was drawn for it",
    Command.GIVE.value: "another auditor has it",
    Command.AGREE_DATE.value: "another day was agreed for it",
}
"""What happened last, where the state would not say it: the state is the same as before, or one of earlier."""

NOTES: dict[str, str] = {
    "send_back": "Say what the auditor should do, then press the button again.",
    "dispute": "Say why you see the grade differently, then press the button again.",
    "lock": "Give a reason for the grade that you decide, then press the button again.",
    "reopen": "Say why it is reopened, then press the button again.",
    "untick": "Say why the tick is taken back, then press the button again.",
}

SENTENCES: dict[str, str] = {
    "own_audit": "Nobody moderates their own audit. Choose somebody else from the list.",
    "reason_missing": "Give a reason: it is kept, and those whom it concerns read it. Then press the button again.",
    "moderator_missing": "Choose who moderates it, then press the button again.",
    "grade_missing": "Choose a grade, then press the button again.",
    "unknown_grade": "That is not one of the grades. Choose one from the list.",
    "unknown_rework": "That is not on the list of what can be missing. Choose from the list, and write the rest.",
    "nothing_to_assign": "There is nothing new to moderate in this sample, and nothing was done. "
    "Look again when more has come in.",
    "cannot_moderate": "That person cannot moderate this audit: they are its auditor, of the child's team, or do not "
    "moderate this month. Choose somebody else from the list.",
    "none_to_moderate": "It says that there was none this month, and why. That is a result, and nothing in it can be "
    "moderated.",
    "cannot_be_moved": "This audit can no longer be given to another auditor: its month is over, or auditors do not do "
    "its kind. Nothing was changed.",
    "rework_unchanged": "Nothing has been changed since it was sent back. Change what the moderator asks for, or hand "
    "it in as it was: the moderator then sees that nothing was changed.",
    "not_to_upload": "It cannot be ticked yet: it waits for the month's moderation sample, or is about no child. "
    "Look again when the sample has been drawn.",
}
