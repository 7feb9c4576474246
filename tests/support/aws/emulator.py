"""AWS on this machine for tests: one moto server for the session, fresh resources for each test."""

from __future__ import annotations

import json
import logging
import threading
import uuid
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import boto3
from botocore.config import Config
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from samtranslator.yaml_helper import yaml_parse
from werkzeug.serving import make_server

from local.emulator.thread_safety import OneTableRequestAtATime
from tests.support.paths import TEMPLATE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient

REGION = "us-east-1"


class Emulator:
    """``endpoint`` is its address. The clients are shared and closed at the end of the session."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._clients: list[Any] = []

    @cached_property
    def s3(self) -> S3Client:
        return cast("S3Client", self.client("s3"))

    @cached_property
    def sqs(self) -> SQSClient:
        return cast("SQSClient", self.client("sqs"))

    @cached_property
    def dynamodb(self) -> DynamoDBClient:
        return cast("DynamoDBClient", self.client("dynamodb"))

    @cached_property
    def events(self) -> EventBridgeClient:
        return cast("EventBridgeClient", self.client("events"))

    @cached_property
    def sns(self) -> SNSClient:
        return cast("SNSClient", self.client("sns"))

    @cached_property
    def secretsmanager(self) -> SecretsManagerClient:
        return cast("SecretsManagerClient", self.client("secretsmanager"))

    @cached_property
    def stepfunctions(self) -> SFNClient:
        return cast("SFNClient", self.client("stepfunctions"))

    def client(self, service: str, endpoint: str | None = None) -> Any:
        """Another client, perhaps for another address in front of the emulator."""
        session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)
        client = session.client(
            service,  # type: ignore[call-overload]
            endpoint_url=endpoint or self.endpoint,
            config=Config(
                retries={"mode": "standard", "total_max_attempts": 1},
                connect_timeout=5,
                read_timeout=20,
                max_pool_connections=20,
            ),
        )
        self._clients.append(client)
        return client

    def create_bucket(self, *, versioned: bool = True) -> str:
        bucket = _unique("bucket")
        self.s3.create_bucket(Bucket=bucket)
        if versioned:
            self.s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        return bucket

    def create_ledger_table(self) -> str:
        """With the keys and indexes that the template gives it."""
        template = yaml_parse(TEMPLATE.read_text(encoding="utf-8"))
        properties = template["Resources"]["RunLedger"]["Properties"]
        taken_over = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
        table = _unique("ledger")
        self.dynamodb.create_table(TableName=table, **{name: properties[name] for name in taken_over})
        return table

    def create_queue(self) -> str:
        return self.sqs.create_queue(QueueName=_unique("queue"))["QueueUrl"]

    def create_state_machine(self, definition: dict[str, Any]) -> str:
        """Its ARN. It is kept, and executions of it are, but none is carried out."""
        created = self.stepfunctions.create_state_machine(
            name=_unique("machine"),
            definition=json.dumps(definition),
            roleArn="arn:aws:iam::123456789012:role/machine",
        )
        return created["stateMachineArn"]

    def close(self) -> None:
        for client in self._clients:
            client.close()


@contextmanager
def running_emulator() -> Iterator[Emulator]:
    """On a free port, ended with the block."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # else a line for each request in every failure's output
    application = OneTableRequestAtATime(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=MotoRequestHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    emulator = Emulator(f"http://127.0.0.1:{server.server_port}")
    yield emulator
    emulator.close()
    server.shutdown()
    thread.join()
    server.server_close()


def _unique(kind: str) -> str:
    return f"{kind}-{uuid.uuid4().hex[:12]}"
