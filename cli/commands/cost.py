"""What the stack has cost: calls that CloudWatch counted, at public prices."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.table import Table

from cli.aws.stack import Stack, answered
from cli.errors import CommandError, ExitCode
from cli.options import Told, told
from listrak_relay.domain.report.sentences import money
from listrak_relay.domain.run.costs import COUNTERS, PRICED_AT, Usage, dollars, run_cost
from listrak_relay.wiring.operating import usage_record

NOT_COUNTED = "S3 requests and storage, CloudWatch, NAT gateways and data that leaves AWS are not in it"
_BY_CLOUDWATCH = ("gb_seconds", "invocations", "write_units", "read_units", "sqs_requests")
_SQS_METRICS = (
    *("NumberOfMessagesSent", "NumberOfMessagesReceived", "NumberOfMessagesDeleted", "NumberOfEmptyReceives"),
)
_ROWS_METRIC = ("ListrakRelay", "RowsRead")


def add_to(app: typer.Typer) -> None:
    app.command()(cost)


def cost(
    context: typer.Context,
    run_id: Annotated[str | None, typer.Argument(help="Of this run alone, such as email-0123456789abcdef.")] = None,
    days: Annotated[int, typer.Option(help="Of the last days.")] = 30,
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
    counted = _counted(stack, days)
    rows = counted.pop("rows")
    if not any(counted.values()):
        raise CommandError(
            f"CloudWatch has counted no call of the stack {stack.name} in {days} days; on one machine nobody counts",
            ExitCode.NOT_ANSWERED,
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
    used = usage_record(stack.outputs["LedgerTableName"]).of(run_id)
    found = run_cost(used)
    if found is None:
        raise CommandError(
            f"nothing was counted of a run {run_id}; `listrak-relay runs` lists them", ExitCode.NOT_ANSWERED
        )
    if options.say({"run_id": run_id, **found}):
        return
    options.console.print(_table(used))
    options.console.print(f"{money(found['dollars'])} in all. Prices: {found['priced_at']}; {found['not_counted']}.")


def _table(counted: Usage) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    for name, spent in dollars(counted).items():
        table.add_row(f"${spent:,.6f}", f"{counted[name]:,.10g} {COUNTERS[name].name}")
    return table


def number(text: str) -> float:
    """``100M`` is a hundred million. Raises CommandError."""
    units = {"": 1.0, "K": 1e3, "M": 1e6, "B": 1e9}
    digits, unit = (text[:-1], text[-1:].upper()) if text[-1:].upper() in ("K", "M", "B") else (text, "")
    try:
        return float(digits.replace(",", "")) * units[unit]
    except ValueError as error:
        raise CommandError(f"{text!r} is no number of rows; write one such as 100M", ExitCode.WRONG_USE) from error


def _counted(stack: Stack, days: int) -> dict[str, float]:
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
    namespace, metric = _ROWS_METRIC
    for dimensions in _dimensions(stack, namespace, metric):
        found["rows"] += _sum(stack, namespace, metric, days, **dimensions)
    return found


def _dimensions(stack: Stack, namespace: str, metric: str) -> list[dict[str, str]]:
    listed = answered(
        lambda: stack.client("cloudwatch").list_metrics(Namespace=namespace, MetricName=metric), namespace
    )
    return [{one["Name"]: one["Value"] for one in found["Dimensions"]} for found in listed["Metrics"]]


def _sum(stack: Stack, namespace: str, metric: str, days: int, **dimensions: str) -> float:
    now = datetime.now(UTC)
    found = answered(
        lambda: stack.client("cloudwatch").get_metric_statistics(
            Namespace=namespace,
            MetricName=metric,
            Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
            StartTime=now - timedelta(days=days),
            EndTime=now,
            Period=86_400,
            Statistics=["Sum"],
        ),
        metric,
    )
    return float(sum(point["Sum"] for point in found["Datapoints"]))
