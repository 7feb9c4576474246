"""What holds in the simulator's SMS part whatever is called: tried on its parts, without a server."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from listrak_simulator.errors import ApiError
from listrak_simulator.settings import Settings
from listrak_simulator.sms_api import phone_numbers, subscription_rules
from listrak_simulator.sms_api.account import SmsAccount
from listrak_simulator.sms_api.contact_body import ContactBody
from listrak_simulator.sms_api.contacts import State
from listrak_simulator.sms_api.seed import plant

NUMBERS = [f"1717555010{digit}" for digit in range(5)]
BANNED = NUMBERS[4]
LISTS = {"Plain": False, "Gated": True}
CALLS = st.lists(
    st.tuples(
        st.sampled_from(["create", "subscribe", "unsubscribe", "opt out", "update"]),
        st.sampled_from(NUMBERS),
        st.sampled_from(list(LISTS)),
    ),
    max_size=40,
)
Model = dict[str, dict[str, State]]


class Account:
    """A sender code with a plain and a gated list, and the calls by name."""

    def __init__(self, opted_out_subscribe: str) -> None:
        lists = [{"name": name, "double_opt_in": gated} for name, gated in LISTS.items()]
        self._account = SmsAccount()
        plant(self._account, {"sender_codes": [{"code": "71755", "phone_lists": lists, "banned": [BANNED]}]})
        [self.sender_code] = self._account.sender_codes.values()
        self._settings = Settings().changed({"sms_opted_out_subscribe": opted_out_subscribe})

    def call(self, name: str, number: str, list_name: str) -> str | None:
        """The error code, None for success."""
        phone_list = self.sender_code.list_named(list_name)
        contact = self.sender_code.contacts.get(number)
        assert phone_list is not None
        try:
            if name == "create":
                subscription_rules.create(
                    self._account, self.sender_code, phone_list, self._body(number), self._settings
                )
            elif name in {"opt out", "update"}:
                body = self._body(number, optedOut=name == "opt out")
                subscription_rules.update(self.sender_code, body, self._settings)
            elif contact is None:
                return "404"
            elif name == "subscribe":
                subscription_rules.subscribe(self.sender_code, phone_list, contact, self._settings)
            else:
                subscription_rules.unsubscribe(phone_list, contact)
        except ApiError as error:
            return error.code
        return None

    def states(self) -> Model:
        return {
            number: {
                phone_list.name: subscription.state
                for phone_list, subscription in self.sender_code.subscriptions(number)
                if subscription.state is not State.UNSUBSCRIBED
            }
            for number in NUMBERS
        }

    def opted_out(self) -> set[str]:
        return {number for number in NUMBERS if number in self.sender_code.opt_outs}

    def _body(self, number: str, **properties: Any) -> ContactBody:
        return ContactBody.parse({"phoneNumber": number, **properties}, self.sender_code, {})


@given(calls=CALLS, opted_out_subscribe=st.sampled_from(["lifts", "refused"]))
def test_every_sequence_of_calls_ends_where_a_plain_model_ends(
    calls: list[tuple[str, str, str]], opted_out_subscribe: str
) -> None:
    account = Account(opted_out_subscribe)
    known: set[str] = set()
    opted_out: set[str] = set()
    states: Model = {number: {} for number in NUMBERS}

    for name, number, list_name in calls:
        succeeded = account.call(name, number, list_name) is None
        may_join = number != BANNED and not (opted_out_subscribe == "refused" and number in opted_out)
        if name == "create":
            expected = may_join and number not in known
        elif name == "subscribe":
            expected = may_join and number in known and list_name not in states[number]
        elif name == "unsubscribe":
            expected = list_name in states[number]
        else:
            expected = number in known
        assert succeeded == expected
        if not expected:
            continue
        if name in {"create", "subscribe"}:
            known.add(number)
            opted_out.discard(number)
            states[number][list_name] = State.PENDING if LISTS[list_name] else State.SUBSCRIBED
        elif name == "unsubscribe":
            del states[number][list_name]
        elif name == "opt out":
            opted_out.add(number)
            states[number].clear()

        assert account.opted_out() == opted_out
        assert account.states() == states
        assert not any(states[number] for number in opted_out)


@given(calls=CALLS)
def test_every_opt_out_that_ever_was_is_either_in_force_or_shown_as_lifted(calls: list[tuple[str, str, str]]) -> None:
    account = Account("lifts")
    for name, number, list_name in calls:
        account.call(name, number, list_name)

    entries = account.sender_code.opt_outs.entries
    in_force = [entry.number for entry in entries if entry.lifted_at is None]
    assert sorted(in_force) == sorted(account.opted_out())
    assert all(entry.lifted_by in {"create", "subscribe"} for entry in account.sender_code.opt_outs.lifted())
    assert account.call("create", BANNED, "Plain") == "ERROR_BANNED_PHONE_NUMBER"


@given(text=st.text(max_size=20), country=st.sampled_from(["US", "CA", "GB"]))
def test_a_number_is_read_to_itself_in_every_form_it_is_written_in(text: str, country: str) -> None:
    number = phone_numbers.parse(text, country)

    if number is not None:
        assert number.isascii()
        assert number.isdigit()
        for form in ("digits", "plus", "national"):
            assert phone_numbers.parse(phone_numbers.in_form(number, form, country), country) == number


@given(area=st.integers(200, 999), exchange=st.integers(200, 999), line=st.integers(0, 9999))
def test_a_north_american_number_is_the_same_in_each_spelling(area: int, exchange: int, line: int) -> None:
    national = f"{area}{exchange}{line:04}"

    assert {phone_numbers.parse(f"{start}{national}", "US") for start in ("", "1", "+1")} == {f"1{national}"}
    assert phone_numbers.parse(f"+{national}", "US") is None
    assert phone_numbers.parse(f"44{national}", "CA") is None
