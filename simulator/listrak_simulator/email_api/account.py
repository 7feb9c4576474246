"""What an email account holds: lists, their profile fields, contacts and imports."""

import threading
from dataclasses import dataclass, field
from typing import Any

from listrak_simulator import clock
from listrak_simulator.email_api.contacts import ContactTable
from listrak_simulator.email_api.imports import ListImport, forget_old
from listrak_simulator.email_api.unseen import UnseenChanges

_FIRST_LIST_ID = 345
_FIRST_GROUP_ID = 1201
_FIRST_FIELD_ID = 12001
_FIRST_IMPORT_ID = 500001


@dataclass
class ProfileField:
    """Listrak's SegmentationField."""

    field_id: int
    group_id: int
    name: str
    data_type: str
    max_length: int
    """Characters."""

    position: int
    created_at: float

    def describe(self) -> dict[str, Any]:
        return {
            "segmentationFieldId": self.field_id,
            "segmentationFieldName": self.name,
            "segmentationFieldGroupId": self.group_id,
            "dataType": self.data_type,
            "maxLength": self.max_length,
            "position": self.position,
        }


@dataclass
class ProfileFieldGroup:
    """Listrak's SegmentationFieldGroup."""

    group_id: int
    name: str
    position: int
    created_at: float
    fields: dict[int, ProfileField] = field(default_factory=dict)

    def describe(self) -> dict[str, Any]:
        return {
            "segmentationFieldGroupId": self.group_id,
            "segmentationFieldGroupName": self.name,
            "position": self.position,
        }


LIST_DEFAULTS: dict[str, Any] = {
    "folderId": 0,
    "ipPoolId": 0,
    "bounceDomainAlias": None,
    "bounceHandling": "Standard",
    "bounceUnsubscribeCount": 3,
    "enableBrowserLink": True,
    "enableDoubleOptIn": False,
    "enableDynamicContent": False,
    "enableGoogleAnalytics": False,
    "enableInternationalization": False,
    "enableListHygiene": True,
    "enableListRemovalHeader": True,
    "enableListRemovalLink": True,
    "enableListrakAnalytics": True,
    "enableSpamScorePersonalization": False,
    "enableToNamePersonalization": False,
    "enableUniversalEmailKeySetting": False,
    "fromEmail": None,
    "fromName": None,
    "googleTrackingDomains": [],
    "linkDomainAlias": None,
    "mediaDomainAlias": None,
}


class EmailList:
    """One list. ``lock`` guards its contacts: imports write them from a thread of their own."""

    def __init__(self, list_id: int, name: str, attributes: dict[str, Any]) -> None:
        self.list_id = list_id
        self.name = name
        self.attributes = {**LIST_DEFAULTS, **attributes}
        self.created_at = clock.now()
        self.contacts = ContactTable(list_id)
        self.unseen = UnseenChanges(self.contacts)
        self.groups: dict[int, ProfileFieldGroup] = {}
        self.imports: dict[int, ListImport] = {}
        self.banned: set[str] = set()
        """Lower-case addresses, as are ``suppressed``."""

        self.suppressed: set[str] = set()
        self.event_ids: set[int] = set()
        self.raised_events: list[tuple[str, int]] = []
        self.lock = threading.Lock()

    def fields(self) -> dict[int, ProfileField]:
        return {field_id: found for group in self.groups.values() for field_id, found in group.fields.items()}

    def describe(self) -> dict[str, Any]:
        return {
            "listId": self.list_id,
            "listName": self.name,
            "createDate": clock.as_api_date(self.created_at),
            **self.attributes,
        }


class EmailAccount:
    def __init__(self) -> None:
        self.lists: dict[int, EmailList] = {}
        self._next_group_id = _FIRST_GROUP_ID
        self._next_field_id = _FIRST_FIELD_ID
        self._next_import_id = _FIRST_IMPORT_ID

    def list_named(self, name: str) -> EmailList | None:
        return next((found for found in self.lists.values() if found.name.lower() == name.lower()), None)

    def add_list(self, name: str, attributes: dict[str, Any], list_id: int | None = None) -> EmailList:
        number = list_id or max(self.lists, default=_FIRST_LIST_ID - 1) + 1
        self.lists[number] = EmailList(number, name, attributes)
        return self.lists[number]

    def add_group(self, target: EmailList, name: str, position: int) -> ProfileFieldGroup:
        group = ProfileFieldGroup(self._next_group_id, name, position, clock.now())
        self._next_group_id += 1
        target.groups[group.group_id] = group
        return group

    def add_field(
        self, group: ProfileFieldGroup, name: str, data_type: str, max_length: int, position: int
    ) -> ProfileField:
        added = ProfileField(self._next_field_id, group.group_id, name, data_type, max_length, position, clock.now())
        self._next_field_id += 1
        group.fields[added.field_id] = added
        return added

    def add_import(self, target: EmailList, file_name: str, kind: str) -> ListImport:
        added = ListImport(self._next_import_id, file_name, kind, clock.now())
        self._next_import_id += 1
        forget_old(target.imports)
        target.imports[added.import_id] = added
        return added
