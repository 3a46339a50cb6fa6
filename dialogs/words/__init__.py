"""Every sentence that people read: plain English, one tone, no blame. Each function says one thing."""

from dialogs.words.dates import count, day, days_left, moment, month, short_list
from dialogs.words.refusals import fault, refusal

__all__ = ["count", "day", "days_left", "fault", "moment", "month", "refusal", "short_list"]
