"""Who of a list is a member of the audience, and who of them leaves it, read page by page over several invocations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from listrak_relay.domain.delivery.email_plan import EmailPlan
from listrak_relay.domain.delivery.hashed_contacts import HashedContacts
from listrak_relay.domain.run.manifest import AUDIENCE_MARK
from listrak_relay.errors import NotYetError, RetryableError, UnfinishedError
from listrak_relay.ports.listrak_email import ContactPage, EmailGateway
from listrak_relay.ports.time import TimeLeft
from listrak_relay.use_cases.email.leavers import Leavers
from listrak_relay.use_cases.runs.preparing import PreparingLock
from listrak_relay.use_cases.runs.stopping import must_stop
from listrak_relay.use_cases.runs.waiting import waiting_seconds

MARKED = frozenset((AUDIENCE_MARK, "true", "1"))
"""How Listrak writes a CheckBox that is on is not documented; these are the forms that it takes."""

MOST_PAGES = 10_000
"""Of one invocation, which has no time to read so many of a list that has an end."""


@dataclass(frozen=True, slots=True)
class MemberCount:
    """``poll_seconds``: until a list that shows nobody is asked once more. ``leavers_in_memory``: so many are written
    down as a part."""

    leavers: Leavers
    poll_seconds: float
    leavers_in_memory: int

    def of(
        self,
        run_id: str,
        gateway: EmailGateway,
        plan: EmailPlan,
        lock: PreparingLock,
        time_left: TimeLeft,
        staying: Sequence[HashedContacts],
    ) -> EmailPlan:
        """Read the list to its end, or as far as the time goes, and write down who leaves. ``staying``: whoever is in
        one of them stays.

        Raises:
            NotYetError: it shows nobody, the first time.
            UnfinishedError: the next invocation goes on from the plan that is kept.
            RetryableError: its pages have no end, or the lock is lost.
        """
        leaving: list[str] = []
        seen: set[str] = set()
        while True:
            page = gateway.contacts(
                plan.list_id, plan.audience_field_id, plan.cursor, unsubscribed=plan.counting_unsubscribed
            )
            plan = _with_page(plan, page, staying, leaving)
            if page.next_cursor is None and plan.counting_unsubscribed:
                break
            if len(seen) >= MOST_PAGES:
                raise RetryableError(f"the list's contacts have no end after {MOST_PAGES} pages")
            if page.next_cursor in seen:
                raise RetryableError("a cursor of the list's contacts comes again, so its end was not reached")
            if page.next_cursor is not None:
                seen.add(page.next_cursor)
            else:
                if not plan.subscribers and not plan.empty_reads:
                    lock.keep(run_id, replace(plan, empty_reads=1))
                    raise NotYetError(
                        "the list shows nobody, so it is asked once more", waiting_seconds(self.poll_seconds)
                    )
                plan = replace(plan, counting_unsubscribed=True)
                seen.clear()
            lock.check()
            if len(leaving) >= self.leavers_in_memory:
                plan = self._written(run_id, plan, leaving)
                lock.keep(run_id, plan)
                leaving.clear()
            if must_stop(time_left):
                lock.keep(run_id, self._written(run_id, plan, leaving))
                raise UnfinishedError("counting the audience's members goes on in the next invocation", 1)
        return self._written(run_id, plan, leaving)

    def _written(self, run_id: str, plan: EmailPlan, leaving: list[str]) -> EmailPlan:
        if not leaving:
            return plan
        self.leavers.write(run_id, plan.leavers_parts, leaving)
        return replace(plan, leavers_parts=plan.leavers_parts + 1)


def _with_page(plan: EmailPlan, page: ContactPage, staying: Sequence[HashedContacts], leaving: list[str]) -> EmailPlan:
    """``leaving`` grows by those of the page. Unsubscribed members are in no count, and none of them stays."""
    marked = [c for c in page.contacts if c.values.get(plan.audience_field_id, "").strip().casefold() in MARKED]
    if plan.counting_unsubscribed:
        leaving.extend(contact.email for contact in marked)
        return replace(plan, cursor=page.next_cursor)
    going = [contact.email for contact in marked if not any(contact.email in those for those in staying)]
    leaving.extend(going)
    return replace(
        plan,
        cursor=page.next_cursor,
        subscribers=plan.subscribers + len(page.contacts),
        members=plan.members + len(marked),
        leaving=plan.leaving + len(going),
    )
