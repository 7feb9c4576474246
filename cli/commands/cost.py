"""What the stack has cost: calls that CloudWatch counted, at public prices."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.table import Table

from cli.aws.answers import answered
from cli.aws.stack import Stack
from cli.errors import CommandError, ExitCode
from cli.finding_runs import run_called
from cli.options import Told, told
from cli.showing import plain_table
from listrak_relay.domain.report.sentences import money
from listrak_relay.domain.run.costs import COUNTERS, NAT, PRICED_AT, Usage, dollars, run_cost
from listrak_relay.wiring.operating import usage_record

NOT_COUNTED = (
    "S3 requests and storage and CloudWatch are not in it; data that leaves AWS only where the stack has NAT gateways, "
    "which count it"
)
_BY_CLOUDWATCH = ("gb_seconds", "invocations", "write_units", "read_units", "sqs_requests", *NAT)
_SQS_METRICS = (
    *("NumberOfMessagesSent", "NumberOfMessagesReceived", "NumberOfMessagesDeleted", "NumberOfEmptyReceives"),
)
_GATEWAYS = ("NatA", "NatB")
_GATEWAY_METRICS = ("BytesOutToDestination", "BytesInFromDestination")
_KEPT_DAYS = 455
"""For as long CloudWatch has figures."""
_MOST_HOURLY_DAYS = 60
"""CloudWatch gives at most 1,440 points at once."""
_ROWS_METRIC = ("ListrakRelay", "RowsRead")


def add_to(app: typer.Typer) -> None:
    app.command()(cost)


def cost(
    context: typer.Context,
    run_id: Annotated[str | None, typer.Argument(help="Of this run alone, such as email-0123456789abcdef.")] = None,
    days: Annotated[int, typer.Option(min=1, max=_KEPT_DAYS, help="Of the last days, up to 455.")] = 30,
    month: Annotated[str | None, typer.Option(help="What so many rows a month would cost, such as 100M.")] = None,
) -> None:
    """What the stack's calls of the last days cost, as CloudWatch counted them, and from that what a month would; or
    what one run cost, as its functions counted.

    Example: `listrak-relay cost --days 30 --month 100M`
    """
    options = told(context)
    stack = options.stack()
    if run_id is not None:
        _of_run(options, stack, run_id)
        return
    rows_a_month = number(month) if month else None
    counted = counted_of(stack, days)
    rows = counted.pop("rows")
    if not any(counted.values()):
        raise CommandError(
            f"CloudWatch has counted no call of the stack {stack.name} in {days} days; on one machine nobody counts. "
            "What one run cost: listrak-relay cost RUN; what a night would: listrak-relay capacity --contacts 100M",
            ExitCode.NOT_WELL,
        )
    by_name = dollars(counted)
    total = sum(by_name.values())
    found: dict[str, Any] = {"days": days, "rows": rows, "counted": counted, "dollars": by_name, "total": total}
    if rows_a_month and rows:
        found["month"] = {"rows": rows_a_month, "dollars": total / rows * rows_a_month}
    if options.say({**found, "prices": PRICED_AT, "not_counted": NOT_COUNTED}):
        return
    options.console.print(_table(counted))
    options.console.print(f"${total:,.4f} in {days} days for {rows:,.0f} rows. Prices: {PRICED_AT}; {NOT_COUNTED}.")
    if "month" in found:
        options.console.print(
            f"{rows_a_month:,.0f} rows a month at the same cost per row: ${found['month']['dollars']:,.2f}."
        )


def _of_run(options: Told, stack: Stack, run_id: str) -> None:
    """As it stands now; its report has what was counted until it was closed."""
    run_id = run_called(stack, run_id)
    used = usage_record(stack.outputs["LedgerTableName"]).of(run_id)
    found = run_cost(used)
    if found is None:
        raise CommandError(f"nothing was counted of the run {run_id}; its functions count what they do from then on")
    if options.say({"run_id": run_id, **found}):
        return
    options.console.print(_table(used))
    options.console.print(f"{money(found['dollars'])} in all. Prices: {found['priced_at']}; {found['not_counted']}.")


def _table(counted: Usage) -> Table:
    table = plain_table()
    for name, spent in dollars(counted).items():
        table.add_row(f"${spent:,.6f}", f"{counted[name]:,.10g} {COUNTERS[name].name}")
    return table


def number(text: str) -> float:
    """``100M`` is a hundred million. Raises CommandError."""
    units = {"": 1.0, "K": 1e3, "M": 1e6, "B": 1e9}
    digits, unit = (text[:-1], text[-1:].upper()) if text[-1:].upper() in ("K", "M", "B") else (text, "")
    try:
        found = float(digits.replace(",", "")) * units[unit]
    except ValueError:
        found = -1
    if not 0 <= found < math.inf:
        raise CommandError(f"{text!r} is no number of rows; write one such as 100M", ExitCode.WRONG_USE)
    return found


def counted_of(stack: Stack, days: int) -> dict[str, float]:
    """What has a price, by the names of `COUNTERS`, and ``rows``."""
    functions = {logical: name for logical, name in stack.resources.items() if logical.endswith("Function")}
    found = dict.fromkeys([*_BY_CLOUDWATCH, "rows"], 0.0)
    for name in functions.values():
        memory = answered(lambda name=name: stack.client("lambda").get_function_configuration(FunctionName=name), name)[
            "MemorySize"
        ]
        milliseconds = _sum(stack, "AWS/Lambda", "Duration", days, FunctionName=name)
        found["gb_seconds"] += milliseconds / 1_000 * memory / 1_024
        found["invocations"] += _sum(stack, "AWS/Lambda", "Invocations", days, FunctionName=name)
    table = stack.outputs["LedgerTableName"]
    found["write_units"] = _sum(stack, "AWS/DynamoDB", "ConsumedWriteCapacityUnits", days, TableName=table)
    found["read_units"] = _sum(stack, "AWS/DynamoDB", "ConsumedReadCapacityUnits", days, TableName=table)
    for logical, url in stack.resources.items():
        if logical.endswith("Queue"):
            queue = url.rsplit("/", 1)[-1]
            for metric in _SQS_METRICS:
                found["sqs_requests"] += _sum(stack, "AWS/SQS", metric, days, QueueName=queue)
    gateways = [physical for logical, physical in stack.resources.items() if logical in _GATEWAYS and physical]
    for gateway in gateways:
        found["nat_hours"] += _hours(stack, gateway, days)
        out, back = (_sum(stack, "AWS/NATGateway", metric, days, NatGatewayId=gateway) for metric in _GATEWAY_METRICS)
        found["nat_gb"] += (out + back) / 1e9
        found["internet_gb"] += out / 1e9
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
