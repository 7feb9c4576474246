"""What Listrak's Email document leaves open, as choices that a test can make."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class EmailSettings:
    """README.md tells them all."""

    import_status_words: str = "DataUploaded,ProcessingData,ProcessingCompleted,ProcessingFailed"
    """What an import's ``status`` says from its beginning to either end, separated by commas; none stands for null."""

    import_result_words: str = (
        "Subscribed,AlreadySubscribed,UnSubscribed,AlreadyUnSubscribed,PreviouslyUnsubscribed,"
        "Suppressed,Banned,Invalid,Skipped"
    )
    """What ``importResult`` says for each, separated by commas; nothing stands for null."""

    import_unknown_rows: Literal["skipped", "left_out"] = "skipped"
    """Rows that name nobody of the list, where the import adds nobody: counted and listed as skipped, or nowhere at
    all, as if the file did not have them."""

    import_names: Literal["given", "stem", "marked"] = "given"
    """``importFileName``: as given, without its extension, or with the import's date behind the stem."""

    import_name_length: int = 0
    """Characters to which ``importFileName`` is cut; 0: it is not."""

    unknown_unsubscribed: Literal["refused", "recorded"] = "refused"
    """Saving somebody as ``Unsubscribed`` whom the list does not know is refused with
    ERROR_NOT_SUBSCRIBED_EMAIL_ADDRESS, or makes an unsubscribed contact."""

    subscribed_again: Literal["updates", "refused"] = "updates"
    """Saving a subscribed contact as ``Subscribed`` updates it, or is refused with ERROR_SUBSCRIBED_EMAIL_ADDRESS."""
