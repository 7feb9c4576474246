"""``/sms/v1``: the part of Listrak's SMS API that keeps phone lists, contacts, opt-outs and profile fields."""
