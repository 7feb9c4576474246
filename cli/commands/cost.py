"""What the stack has cost: calls that CloudWatch counted, at public prices."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.table import Table

from cli.aws.stack import Stack, answered
from cli.errors import CommandError, ExitCode
from cli.options import told

PRICED_AT = "2026-11, us-east-1, without free tiers and taxes"
PRICES = {
    "Lambda GB-seconds": 0.0000133334,
    "Lambda requests": 0.20 / 1e6,
    "DynamoDB write units": 0.625 / 1e6,
    "DynamoDB read units": 0.125 / 1e6,
    "SQS requests": 0.40 / 1e6,
    "NAT gateway hours": 0.045,
    "NAT gateway GB": 0.045,
    "GB to the internet": 0.09,
}
"""US dollars for one; Lambda on arm64."""
NOT_COUNTED = (
    "S3 requests and storage and CloudWatch are not in it; data that leaves AWS only where the stack has NAT gateways, "
    "which count it"
)
SQS_METRICS = ("NumberOfMessagesSent", "NumberOfMessagesReceived", "NumberOfMessagesDeleted", "NumberOfEmptyReceives")
_GATEWAYS = ("NatA", "NatB")
_GATEWAY_METRICS = ("BytesOutToDestination", "BytesInFromDestination")
_MOST_HOURLY_DAYS = 60
"""CloudWatch gives at most 1,440 points at once."""
_ROWS_METRIC = ("ListrakRelay", "RowsRead")


def add_to(app: typer.Typer) -> None:
    app.command()(cost)


def cost(
    context: typer.Context,
    days: Annotated[int, typer.Option(help="Of the last days.")] = 30,
    month: Annotated[str | None, typer.Option(help="What so many rows a month would cost, such as 100M.")] = None,
) -> None:
    """What the stack's calls of the last days cost, as CloudWatch counted them, and from that what a month would.

    Example: `listrak-relay cost --days 30 --month 100M`
    """
    options = told(context)
    stack = options.stack()
    rows_a_month = number(month) if month else None
    counted = counted_of(stack, days)
    rows = counted.pop("rows")
    if not any(counted.values()):
        raise CommandError(
            f"CloudWatch has counted no call of the stack {stack.name} in {days} days; on one machine nobody counts",
            ExitCode.NOT_ANSWERED,
        )
    dollars = {name: amount * PRICES[name] for name, amount in counted.items()}
    total = sum(dollars.values())
    found: dict[str, Any] = {"days": days, "rows": rows, "counted": counted, "dollars": dollars, "total": total}
    if rows_a_month and rows:
        found["month"] = {"rows": rows_a_month, "dollars": total / rows * rows_a_month}
    if options.say({**found, "prices": PRICED_AT, "not_counted": NOT_COUNTED}):
        return
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    for name, amount in counted.items():
        table.add_row(f"${dollars[name]:,.4f}", f"{amount:,.0f} {name}")
    options.console.print(table)
    options.console.print(f"${total:,.4f} in {days} days for {rows:,.0f} rows. Prices: {PRICED_AT}; {NOT_COUNTED}.")
    if "month" in found:
        options.console.print(
            f"{rows_a_month:,.0f} rows a month at the same cost per row: ${found['month']['dollars']:,.2f}."
        )


def number(text: str) -> float:
    """``100M`` is a hundred million. Raises CommandError."""
    units = {"": 1.0, "K": 1e3, "M": 1e6, "B": 1e9}
    digits, unit = (text[:-1], text[-1:].upper()) if text[-1:].upper() in ("K", "M", "B") else (text, "")
    try:
        return float(digits.replace(",", "")) * units[unit]
    except ValueError as error:
        raise CommandError(f"{text!r} is no number of rows; write one such as 100M", ExitCode.WRONG_USE) from error


def counted_of(stack: Stack, days: int) -> dict[str, float]:
    """What has a price, by the names of `PRICES`, and ``rows``."""
    functions = {logical: name for logical, name in stack.resources.items() if logical.endswith("Function")}
    found = dict.fromkeys([*PRICES, "rows"], 0.0)
    for name in functions.values():
        memory = answered(lambda name=name: stack.client("lambda").get_function_configuration(FunctionName=name), name)[
            "MemorySize"
        ]
        milliseconds = _sum(stack, "AWS/Lambda", "Duration", days, FunctionName=name)
        found["Lambda GB-seconds"] += milliseconds / 1_000 * memory / 1_024
        found["Lambda requests"] += _sum(stack, "AWS/Lambda", "Invocations", days, FunctionName=name)
    table = stack.outputs["LedgerTableName"]
    found["DynamoDB write units"] = _sum(stack, "AWS/DynamoDB", "ConsumedWriteCapacityUnits", days, TableName=table)
    found["DynamoDB read units"] = _sum(stack, "AWS/DynamoDB", "ConsumedReadCapacityUnits", days, TableName=table)
    for logical, url in stack.resources.items():
        if logical.endswith("Queue"):
            queue = url.rsplit("/", 1)[-1]
            for metric in SQS_METRICS:
                found["SQS requests"] += _sum(stack, "AWS/SQS", metric, days, QueueName=queue)
    gateways = [physical for logical, physical in stack.resources.items() if logical in _GATEWAYS and physical]
    for gateway in gateways:
        found["NAT gateway hours"] += _hours(stack, gateway, days)
        out, back = (_sum(stack, "AWS/NATGateway", metric, days, NatGatewayId=gateway) for metric in _GATEWAY_METRICS)
        found["NAT gateway GB"] += (out + back) / 1e9
        found["GB to the internet"] += out / 1e9
    # Of the whole stack; those by destination would count each row once more, those of others theirs.
    found["rows"] = _sum(stack, *_ROWS_METRIC, days, service=stack.name)
    return found


def _hours(stack: Stack, gateway: str, days: int) -> float:
    """In which the gateway was there: it counts its connections each hour, used or not."""
    hours = 1 if days <= _MOST_HOURLY_DAYS else 24
    metric = "ActiveConnectionCount"
    points = _points(stack, "AWS/NATGateway", metric, days, hours * 3_600, NatGatewayId=gateway)
    return float(len(points) * hours)


def _sum(stack: Stack, namespace: str, metric: str, days: int, **dimensions: str) -> float:
    return float(sum(point["Sum"] for point in _points(stack, namespace, metric, days, 86_400, **dimensions)))


def _points(
    stack: Stack, namespace: str, metric: str, days: int, period: int, **dimensions: str
) -> list[dict[str, Any]]:
    now = datetime.now(UTC)
    found = answered(
        lambda: stack.client("cloudwatch").get_metric_statistics(
            Namespace=namespace,
            MetricName=metric,
            Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
            StartTime=now - timedelta(days=days),
            EndTime=now,
            Period=period,
            Statistics=["Sum"],
        ),
        metric,
    )
    points: list[dict[str, Any]] = found["Datapoints"]
    return points
