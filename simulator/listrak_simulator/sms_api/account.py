"""What an SMS account holds: profile fields, people, and sender codes with their phone lists, contacts and imports."""

from dataclasses import dataclass, field
from typing import Any

from listrak_simulator import clock
from listrak_simulator.sms_api import phone_numbers
from listrak_simulator.sms_api.contacts import Contact, OptOuts, Person, State, Subscription
from listrak_simulator.sms_api.imports import ContactImport

_FIRST_SENDER_CODE_ID = 55
_FIRST_LIST_ID = 5501
_FIRST_FIELD_ID = 9001
_FIRST_IMPORT_ID = 700001

DATA_TYPES = ("Text", "Number", "Checkbox", "Date")

# What a sender code may be linked to in the email application; in the simulator it never is.
_LINKS = (
    "emailList",
    "externalEvent",
    "phoneNumberSegmentationFieldGroup",
    "phoneNumberSegmentationField",
    "acquisitionSourceSegmentationFieldGroup",
    "acquisitionSourceSegmentationField",
)
_NO_LINKS = {f"{link}{part}": unset for link in _LINKS for part, unset in (("Id", 0), ("Name", None))}


@dataclass
class ProfileField:
    """Listrak's SegmentationField; shared by all sender codes of the account."""

    field_id: int
    name: str
    data_type: str
    max_length: int | None
    """Characters; None: no limit."""

    enabled: bool = True

    def describe(self) -> dict[str, Any]:
        """The published PhoneAttribute."""
        return {
            "segmentationFieldId": self.field_id,
            "segmentationFieldName": self.name,
            "dataType": self.data_type,
            "maxLength": self.max_length,
            "statusFlag": "Enabled" if self.enabled else "Disabled",
        }


@dataclass
class PhoneList:
    list_id: int
    name: str
    active: bool = True
    requires_double_opt_in: bool = False
    requires_age_gate: bool = False
    created_at: float = field(default_factory=clock.now)
    members: list[Subscription] = field(default_factory=list, repr=False)
    """In the order in which they came; nobody leaves, a subscription only changes its state."""

    _by_number: dict[str, Subscription] = field(default_factory=dict, repr=False)

    def subscription(self, number: str) -> Subscription | None:
        return self._by_number.get(number)

    def member(self, contact: Contact) -> Subscription:
        """The contact's subscription, made as an unsubscribed one where there is none yet."""
        found = self._by_number.get(contact.number)
        if found is None:
            found = self._by_number[contact.number] = Subscription(contact, State.UNSUBSCRIBED)
            self.members.append(found)
        return found

    def count(self, state: State) -> int:
        return sum(1 for member in self.members if member.state is state)

    def describe(self) -> dict[str, Any]:
        """The published PhoneList."""
        return {
            "phoneListId": self.list_id,
            "phoneListName": self.name,
            "createDate": clock.as_api_date(self.created_at),
            "status": "Active" if self.active else "Inactive",
            "smsListType": "Standard",
            "messageLimit": 0,
            "messageLimitTimeFrame": None,
            "requireDoubleOptIn": self.requires_double_opt_in,
            "requireAgeGate": self.requires_age_gate,
        }


@dataclass
class SenderCode:
    """Listrak's ShortCode: the number that texts go out from."""

    sender_code_id: int
    code: str
    country: str = "US"
    merchant_name: str = ""
    enabled: bool = True
    lists: dict[int, PhoneList] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict, repr=False)
    """By number, as are the sets below."""

    opt_outs: OptOuts = field(default_factory=OptOuts, repr=False)
    banned: set[str] = field(default_factory=set)
    suspended: set[str] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)
    imports: dict[int, ContactImport] = field(default_factory=dict, repr=False)

    def list_named(self, name: str) -> PhoneList | None:
        return next((found for found in self.lists.values() if found.name.lower() == name.lower()), None)

    def located(self, text: str, number: str, form: str) -> Contact | None:
        """The contact of ``number``, which a request writes as ``text``; ``form``: the setting ``sms_located_form``."""
        return self.contacts.get(number) if phone_numbers.is_in_form(text, number, form, self.country) else None

    def subscriptions(self, number: str) -> list[tuple[PhoneList, Subscription]]:
        found = ((phone_list, phone_list.subscription(number)) for phone_list in self.lists.values())
        return [(phone_list, subscription) for phone_list, subscription in found if subscription is not None]

    def opt_out(self, number: str, reason: str, moment: float) -> None:
        """Ends every subscription too. Does nothing for a number that is opted out already."""
        if number in self.opt_outs:
            return
        self.opt_outs.add(number, reason, moment)
        for _, subscription in self.subscriptions(number):
            if subscription.state is not State.UNSUBSCRIBED:
                subscription.unsubscribe(moment)

    def describe(self) -> dict[str, Any]:
        """The published SenderCode."""
        return {
            "shortCodeId": self.sender_code_id,
            "code": self.code,
            "country": self.country,
            "merchantName": self.merchant_name,
            **_NO_LINKS,
        }


class SmsAccount:
    def __init__(self) -> None:
        self.sender_codes: dict[int, SenderCode] = {}
        self.fields: dict[int, ProfileField] = {}
        self._people: dict[str, Person] = {}
        self._next_import_id = _FIRST_IMPORT_ID

    def sender_code(self, code: str) -> SenderCode | None:
        return next((found for found in self.sender_codes.values() if found.code == code), None)

    def add_sender_code(self, code: str, sender_code_id: int | None = None) -> SenderCode:
        number = sender_code_id or max(self.sender_codes, default=_FIRST_SENDER_CODE_ID - 1) + 1
        self.sender_codes[number] = SenderCode(number, code)
        return self.sender_codes[number]

    def add_list(self, sender_code: SenderCode, name: str, list_id: int | None = None) -> PhoneList:
        taken = [taken for each in self.sender_codes.values() for taken in each.lists]
        number = list_id or max(taken, default=_FIRST_LIST_ID - 1) + 1
        sender_code.lists[number] = PhoneList(number, name)
        return sender_code.lists[number]

    def add_field(self, name: str, data_type: str, max_length: int | None, *, enabled: bool) -> ProfileField:
        added = ProfileField(_FIRST_FIELD_ID + len(self.fields), name, data_type, max_length, enabled)
        self.fields[added.field_id] = added
        return added

    def add_import(self, sender_code: SenderCode, file_name: str) -> ContactImport:
        added = ContactImport(self._next_import_id, sender_code.sender_code_id, file_name, clock.now())
        self._next_import_id += 1
        sender_code.imports[added.import_id] = added
        return added

    def add_contact(self, sender_code: SenderCode, number: str, moment: float) -> Contact:
        """The number must not be a contact of the sender code yet."""
        person = self._people.get(number)
        if person is None:
            person = self._people[number] = Person(number)
        contact = sender_code.contacts[number] = Contact(person, moment)
        return contact
