"""How far an import of either API is, and what a setting makes of the words for it."""

# The words of Listrak's SOAP process status, in the order of the setting; those of REST are not published.
DATA_UPLOADED = "DataUploaded"
PROCESSING_DATA = "ProcessingData"
PROCESSING_COMPLETED = "ProcessingCompleted"
PROCESSING_FAILED = "ProcessingFailed"

_STATES = (DATA_UPLOADED, PROCESSING_DATA, PROCESSING_COMPLETED, PROCESSING_FAILED)


def status_word(status: str, words: str) -> str | None:
    """``words``: the setting ``import_status_words``."""
    return words.split(",")[_STATES.index(status)] or None
