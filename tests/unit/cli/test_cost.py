"""What a stack has cost is counted once, and of this stack alone."""

from __future__ import annotations

from typing import Any, cast

import pytest

from cli.aws.stack import Stack
from cli.commands.cost import counted_of, number
from cli.errors import CommandError, ExitCode

RESOURCES = {"DeliverEmailFunction": "deliver", "EmailQueue": "https://sqs/1/email", "NatA": "nat-1"}
GIGABYTE = 1e9
FIGURES = {
    ("Duration", "deliver"): 8_000.0,
    ("Invocations", "deliver"): 10.0,
    ("ConsumedWriteCapacityUnits", "ledger"): 5.0,
    ("ConsumedReadCapacityUnits", "ledger"): 7.0,
    ("NumberOfMessagesSent", "email"): 2.0,
    ("RowsRead", "relay"): 300.0,
    ("BytesOutToDestination", "nat-1"): 3 * GIGABYTE,
    ("BytesInFromDestination", "nat-1"): 1 * GIGABYTE,
    ("ActiveConnectionCount", "nat-1"): 1.0,
}
OUTPUTS = {"LedgerTableName": "ledger"}


class FakeAws:
    """Of each metric of the stack the sum of a day; other dimensions are those of somebody else, and have a million."""

    def get_function_configuration(self, FunctionName: str) -> dict[str, Any]:  # noqa: N803 - as boto3 has it
        assert FunctionName == "deliver"
        return {"MemorySize": 2_048}

    def get_metric_statistics(self, **asked: Any) -> dict[str, Any]:
        dimensions = {one["Name"]: one["Value"] for one in asked["Dimensions"]}
        if "destination" in dimensions or len(dimensions) != 1:
            return {"Datapoints": [{"Sum": 1e6}]}
        [value] = dimensions.values()
        found = FIGURES.get((asked["MetricName"], value))
        points = 1 if asked["Period"] == 86_400 else 24
        return {"Datapoints": [] if found is None else [{"Sum": found}] * points}


class FakeStack:
    name = "relay"
    resources = RESOURCES
    outputs = OUTPUTS

    def client(self, _service: str) -> FakeAws:
        return FakeAws()


def test_each_figure_is_counted_once_and_egress_is_among_them() -> None:
    assert counted_of(cast("Stack", FakeStack()), 1) == {
        "gb_seconds": 16.0,
        "invocations": 10.0,
        "write_units": 5.0,
        "read_units": 7.0,
        "sqs_requests": 2.0,
        "nat_hours": 24.0,
        "nat_gb": 4.0,
        "internet_gb": 3.0,
        "rows": 300.0,
    }


@pytest.mark.parametrize("text", ["banana", "nan", "inf", "-5M", "", "1X"])
def test_what_is_no_number_of_rows_is_wrong_use(text: str) -> None:
    with pytest.raises(CommandError, match="is no number of rows") as told:
        number(text)

    assert told.value.code is ExitCode.WRONG_USE
    assert (number("100M"), number("1,000")) == (1e8, 1e3)
