"""What the SMS account holds when the program starts without a seed file: a number in every state."""

from typing import Any

DEFAULT: dict[str, Any] = {
    "profile_fields": [
        {"name": "Tier", "data_type": "Text", "max_length": 20},
        {"name": "Points", "data_type": "Number"},
        {"name": "VIP", "data_type": "Checkbox"},
        {"name": "Last Order", "data_type": "Date"},
        {"name": "Old Segment", "data_type": "Text", "max_length": 50, "enabled": False},
    ],
    "sender_codes": [
        {
            "sender_code_id": 55,
            "code": "71755",
            "country": "US",
            "merchant_name": "Example Outfitters",
            "phone_lists": [
                {"phone_list_id": 5501, "name": "Master List"},
                {"phone_list_id": 5502, "name": "Holiday 2024", "active": False},
            ],
            "contacts": [
                {
                    "phone": "17175550101",
                    "first_name": "Ada",
                    "last_name": "Moss",
                    "email": "ada@example.com",
                    "birthday": "1990-04-01T00:00:00",
                    "postal_code": "17543",
                    "values": {"Tier": "gold", "VIP": "on"},
                    "lists": {"Master List": "Subscribed", "Holiday 2024": "Unsubscribed"},
                },
                {"phone": "17175550102", "first_name": "Ben", "lists": {"Master List": "Subscribed"}},
                {"phone": "17175550103", "lists": {"Master List": "Subscribed"}},
                {"phone": "17175550104", "first_name": "Dana", "lists": {"Master List": "Unsubscribed"}},
                {"phone": "17175550105", "first_name": "Eli", "lists": {"Master List": "Pending"}},
                {"phone": "17175550106", "lists": {"Master List": "Unsubscribed"}, "opted_out": "Campaign"},
                {"phone": "17175550107", "lists": {"Master List": "Unsubscribed"}, "opted_out": "DeliveryFailure"},
                {"phone": "17175550108", "lists": {"Master List": "Unsubscribed"}},
                {"phone": "17175550109", "lists": {"Master List": "Unsubscribed"}},
                {"phone": "17175550110", "first_name": "Gus", "lists": {"Holiday 2024": "Subscribed"}},
            ],
            "opt_outs": [{"phone": "17175550111", "reason": "Import"}],
            "banned": ["17175550108", "17175550112"],
            "suspended": ["17175550109"],
        }
    ],
}
