"""The phone list that `bench.sms_plan` plans against."""

from bench._sms_list import PhoneListAnswers, client_of

LISTED = 12_000
"""Three pages."""


def test_the_list_shows_each_number_once_and_in_no_order() -> None:
    gateway = client_of(PhoneListAnswers(LISTED))
    (code,) = gateway.sender_codes()
    (phone_list,) = gateway.phone_lists(code.sender_code_id)

    pages = list(gateway.list_pages(code.sender_code_id, phone_list.list_id))
    numbers = [int(number) for page in pages for number in page.numbers]

    assert len(pages) == 3
    assert sorted(numbers) == list(range(min(numbers), min(numbers) + LISTED))
    assert numbers != sorted(numbers)
