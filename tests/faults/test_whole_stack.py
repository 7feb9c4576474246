"""Whatever becomes of whichever call to AWS or Listrak, a run through the whole stack ends as the model says.

The calls are those of a faultless run, every one of them, of every function. `make test` tries a few of the faults,
drawn by the seed that is printed; EXAMPLES says how many times as many. `make soak` tries all for every kind of run.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest

from tests.support.examples import TIMES
from tests.support.road.points import every_fault
from tests.support.runs.coverage import COVERED, covered
from tests.support.runs.fault_seed import SEED
from tests.support.runs.whole import WAYS, Trials
from tests.support.stack.faulty import faulty_stack


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trials]:
    with faulty_stack(tmp_path_factory.mktemp("faulty")) as faulty:
        yield Trials(faulty)


MOST_CALLS = 16
"""About one person: four deliveries, and four tries in each."""


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("rows", "destination", "path"),
    [
        ("email,opt_in\n" + "".join(f"alone{n}@example.com,yes\n" for n in (1, 2, 3)), "email", "/Contact/alone2@"),
        ("Phone,opt_in\n" + "".join(f"+1212555110{n},no\n" for n in (1, 2, 3)), "sms", "Unsubscribe/.*5551102/"),
    ],
    ids=["email", "sms"],
)
def test_a_person_to_whom_listrak_fails_each_time_is_set_aside_alone(
    trials: Trials, rows: str, destination: str, path: str
) -> None:
    faulty, simulator = trials.faulty, trials.faulty.stack.simulator
    contacts = [{"phone": f"1212555110{n}", "lists": {"Master List": "Subscribed"}} for n in (1, 2, 3)]
    simulator.seed({"sms": {"sender_codes": [{"code": "71755", "contacts": contacts}]}})
    rule = simulator.fault({"kind": "answer", "status": 500}, path=path)
    faulty.road.begin()

    dropped = faulty.stack.drop(f"{destination}/alone/file.csv", rows.encode())
    faulty.until_rest([dropped])
    report = faulty.reports([dropped])[dropped.key]

    [hits] = [each["hits"] for each in simulator.faults() if each["id"] == rule]
    simulator.clear_faults()
    assert 0 < hits <= MOST_CALLS
    assert report
    assert (report["status"], report["problem_code"]) == ("FAILED", "failed_alone")
    assert (report["counts"]["accepted"], report["counts"]["dead_lettered"], report["balanced"]) == (2, 1, True)
    assert b"3,dead_lettered,failed_alone" in faulty.stack.client.read(report["rejects_key"])
    assert faulty.waiting() == {}


@pytest.mark.timeout(1_200)
@pytest.mark.parametrize(("name", "tried"), [("email by import", 4), ("feed", 3)])
def test_one_fault_at_any_call_of_any_function_changes_nothing_in_the_end(
    trials: Trials, name: str, tried: int, record_property: Callable[[str, object], None]
) -> None:
    calm = trials.run(WAYS[name])
    assert calm.violations == []
    there_are = every_fault(calm.points)
    chosen = random.Random(f"{SEED} whole {name}").sample(there_are, min(len(there_are), round(tried * TIMES)))
    record_property(COVERED, covered(f"whole stack, {name}", len(calm.points), len(there_are), len(chosen), SEED))

    wrong = {str(fault): seen.violations for fault in chosen if (seen := trials.run(WAYS[name], fault)).violations}

    assert wrong == {}, f"FAULT_SEED={SEED}"
