"""boto3 clients of the emulator, the same for every part of the local stack."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sts import STSClient

REGION = "us-east-1"
ACCOUNT = "123456789012"
"""moto's account, and by its settings MiniStack's."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """``token``: of a role's."""

    access_key: str
    secret_key: str = field(repr=False)
    token: str | None = field(default=None, repr=False)

    @property
    def environment(self) -> dict[str, str]:
        token = {"AWS_SESSION_TOKEN": self.token} if self.token else {}
        return {"AWS_ACCESS_KEY_ID": self.access_key, "AWS_SECRET_ACCESS_KEY": self.secret_key, **token}


OWN = Credentials("local", "local")
"""Of this machine's own user, who may do anything in an emulator."""


@dataclass(frozen=True)
class Aws:
    """``endpoint``: address of the emulator; ``certificate``: PEM, where it is https. Clients are made when first used;
    they may be shared by threads."""

    endpoint: str
    certificate: Path | None = None
    credentials: Credentials = OWN

    @cached_property
    def _session(self) -> boto3.Session:
        # Nothing of the person's own AWS configuration: a profile that is set there must neither be needed nor used.
        own = botocore.session.Session(
            {
                "profile": (None, [], None, None),
                "config_file": (None, [], os.devnull, None),
                "credentials_file": (None, [], os.devnull, None),
            }
        )
        given = self.credentials
        return boto3.Session(given.access_key, given.secret_key, given.token, region_name=REGION, botocore_session=own)

    def of_role(self, arn: str) -> Aws:
        """The same emulator for one that has assumed a role."""
        given = self.sts.assume_role(RoleArn=arn, RoleSessionName="local", DurationSeconds=43_200)["Credentials"]
        credentials = Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
        return Aws(self.endpoint, self.certificate, credentials)

    @property
    def environment(self) -> dict[str, str]:
        """What leads any program that uses AWS to the emulator."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            **self.credentials.environment,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "*",
        }

    def client(self, service: Any, read_timeout: float = 60) -> Any:
        """``read_timeout`` in seconds: more than the 20 s of a long poll."""
        config = Config(
            read_timeout=read_timeout,
            retries={"total_max_attempts": 1},  # a repeated receive would hide the first one's messages
            max_pool_connections=50,
            proxies={},  # the emulator is on this machine, whatever HTTP_PROXY says
            s3={"addressing_style": "path"},
        )
        verify = str(self.certificate) if self.certificate else None
        return self._session.client(service, endpoint_url=self.endpoint, config=config, verify=verify)

    @cached_property
    def cloudformation(self) -> CloudFormationClient:
        client: CloudFormationClient = self.client("cloudformation")
        return client

    @cached_property
    def cloudwatch(self) -> Any:
        return self.client("cloudwatch")

    @cached_property
    def dynamodb(self) -> DynamoDBClient:
        client: DynamoDBClient = self.client("dynamodb")
        return client

    @cached_property
    def events(self) -> EventBridgeClient:
        client: EventBridgeClient = self.client("events")
        return client

    @cached_property
    def iam(self) -> IAMClient:
        client: IAMClient = self.client("iam")
        return client

    @cached_property
    def lambda_(self) -> LambdaClient:
        client: LambdaClient = self.client("lambda")
        return client

    @cached_property
    def logs(self) -> Any:
        return self.client("logs")

    @cached_property
    def s3(self) -> S3Client:
        client: S3Client = self.client("s3")
        return client

    @cached_property
    def secretsmanager(self) -> SecretsManagerClient:
        client: SecretsManagerClient = self.client("secretsmanager")
        return client

    @cached_property
    def sns(self) -> SNSClient:
        client: SNSClient = self.client("sns")
        return client

    @cached_property
    def sqs(self) -> SQSClient:
        client: SQSClient = self.client("sqs")
        return client

    @cached_property
    def stepfunctions(self) -> Any:
        return self.client("stepfunctions")

    @cached_property
    def sts(self) -> STSClient:
        client: STSClient = self.client("sts")
        return client
