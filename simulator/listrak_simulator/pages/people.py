"""The page of a person: what every list and sender code knows of an address or a phone number."""

from collections.abc import Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from listrak_simulator import clock
from listrak_simulator.email_api.account import EmailList
from listrak_simulator.email_api.imports import RESULT_WORDS, RowResult
from listrak_simulator.email_api.inspection import describe_contacts
from listrak_simulator.pages.routes import templates
from listrak_simulator.simulator import Simulator, simulator_of
from listrak_simulator.sms_api import inspection, phone_numbers
from listrak_simulator.sms_api.account import SenderCode

_MOST_ROWS = 50
"""Of imports, for each list."""


async def show_person(request: Request) -> Response:
    simulator, who = simulator_of(request), request.query_params.get("who", "").strip()
    numbers = dict(_numbers(simulator, who)) if who else {}
    addresses = {who.lower()} if "@" in who else _addresses(simulator, numbers)
    lists = [_on_list(found, address) for address in sorted(addresses) for found in simulator.email.lists.values()]
    codes = [
        _under_sender_code(simulator, simulator.sms.sender_codes[code_id], number)
        for code_id, all_of_code in numbers.items()
        for number in all_of_code
    ]
    context = {"who": who, "lists": [each for each in lists if each["known"]], "codes": codes}
    return templates.TemplateResponse(request, "person.html", context)


def _numbers(simulator: Simulator, who: str) -> Iterator[tuple[int, list[str]]]:
    """The numbers of the person by sender code: the one asked for, or those of contacts with the address."""
    for code in simulator.sms.sender_codes.values():
        if "@" in who:
            found = [each for each in code.contacts.values() if (each.person.email or "").lower() == who.lower()]
            yield code.sender_code_id, [each.number for each in found]
            continue
        written = "".join(sign for sign in who if sign.isdigit() or sign == "+")
        number = phone_numbers.parse(written, code.country)
        if number and _is_known(code, number):
            yield code.sender_code_id, [number]


def _is_known(code: SenderCode, number: str) -> bool:
    places = (code.contacts, code.opt_outs, code.banned, code.suspended, code.blocked)
    return any(number in place for place in places)


def _addresses(simulator: Simulator, numbers: dict[int, list[str]]) -> set[str]:
    contacts = (
        simulator.sms.sender_codes[code_id].contacts.get(number)
        for code_id, all_of_code in numbers.items()
        for number in all_of_code
    )
    return {contact.person.email.lower() for contact in contacts if contact and contact.person.email}


def _on_list(target: EmailList, address: str) -> dict[str, Any]:
    row = target.contacts.find(address)
    contact = next(describe_contacts(target, [row])) if row is not None else None
    marks = [word for word, held in (("banned", target.banned), ("suppressed", target.suppressed)) if address in held]
    imports = list(_rows_of_imports(target, address))[:_MOST_ROWS]
    return {
        "list_id": target.list_id,
        "list_name": target.name,
        "address": address,
        "contact": contact,
        "marks": marks,
        "imports": imports,
        "known": bool(contact or marks or imports),
    }


def _rows_of_imports(target: EmailList, address: str) -> Iterator[dict[str, Any]]:
    """Latest import first."""
    for job in reversed(target.imports.values()):
        for position in job.addresses.positions(address):
            if position >= len(job.results):
                break  # still being worked on
            yield {
                "import_id": job.import_id,
                "file_name": job.file_name,
                "kind": job.kind,
                "at": clock.as_api_date(job.created_at),
                "row": position + 1,
                "result": RESULT_WORDS[RowResult(job.results[position])],
            }


def _under_sender_code(simulator: Simulator, code: SenderCode, number: str) -> dict[str, Any]:
    contact = code.contacts.get(number)
    held = (("banned", code.banned), ("suspended", code.suspended), ("blocked", code.blocked))
    return {
        "sender_code_id": code.sender_code_id,
        "name": code.merchant_name or f"Sender code {code.code}",
        "phone": number,
        "contact": next(inspection.describe_contacts(simulator.sms, code, [contact])) if contact else None,
        "marks": [word for word, numbers in held if number in numbers],
        "opt_outs": [each for each in inspection.describe_opt_outs(code) if each["phone"] == number][::-1],
    }


routes: list[Any] = [Route("/people", show_person, methods=["GET"])]
