"""Keeps moto from invoking functions by itself: it would do so inside SendMessage, and delete what failed. The local
stack polls, and asks the mapping whether it may."""

from __future__ import annotations

from moto.sqs.models import Message, Queue


def install() -> None:
    original = Queue.add_message

    def add_message(self: Queue, message: Message) -> None:
        self.lambda_event_source_mappings.clear()
        original(self, message)

    Queue.add_message = add_message  # type: ignore[method-assign] # moto has no setting for it
