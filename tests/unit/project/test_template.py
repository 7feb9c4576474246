"""What `template.yaml` makes of its parameters, and what CloudFormation would say to it."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Any

import pytest

from listrak_relay.domain.configuration.secret_names import PGP_PREFIX, channel_prefix
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.use_cases.sweep_runs import INGEST_GRACE_SECONDS
from local.deploy.deployment import STACK_UUID
from local.errors import LocalStackError
from local.template import rules
from local.template.source import Document
from tests.support.paths import ROOT, TEMPLATE
from tests.support.stack.template_values import ACCOUNT, SOURCE, Deployed, as_list, deployed

SETTING_ROW = re.compile(r"^\| `(\w+)` \| (?:`([^`]*)`)? *\| ([^|]+) \| [^|]*\|$", re.MULTILINE)
SETTINGS = {
    name: (default, allowed.strip())
    for name, default, allowed in SETTING_ROW.findall((ROOT / "docs/settings.md").read_text(encoding="utf-8"))
}
"""By name: default and what it may be, as docs/settings.md says."""
DEPLOYED_AS = {"off": "DISABLED", "hourly": "rate(1 hour)", "daily": "ENABLED"}
"""Values of settings that AWS has other words for."""
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:relay/"
NEW_ACCOUNT_MEMORY_MB = 3008
STACK_KEY, OTHER_KEY = "StackKey.Arn", "arn:aws:kms:us-east-1:123456789012:key/0a1b"


# --- parameters and settings ------------------------------------------------------------------------------------------


def test_a_person_is_asked_no_more_than_six_questions_each_with_an_answer_ready() -> None:
    assert len(SOURCE["Parameters"]) <= 6
    assert all("Default" in parameter and parameter["Description"] for parameter in SOURCE["Parameters"].values())


def test_no_parameter_and_no_setting_speaks_of_what_was_built() -> None:
    asked = {*SOURCE["Parameters"], *SETTINGS}

    assert not [name for name in asked if re.search("runtime|python|architecture", name, re.IGNORECASE)]


def values_with(settings: str) -> set[str]:
    """Every text that a deployment with these settings has anywhere."""
    found: set[str] = set()

    def collect(value: Any) -> None:
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            collect(item)
        if isinstance(value, str):
            found.add(value)

    collect(deployed(Settings=settings, StaticEgress="own-subnets", Concurrency="shared").resources)
    return found


def allowed(settings: str) -> bool:
    return re.fullmatch(SOURCE["Parameters"]["Settings"]["AllowedPattern"], settings) is not None


def some_values(name: str) -> tuple[list[str], list[str]]:
    """Values that the page allows and values that it does not, those at the limits among them."""
    says = SETTINGS[name][1]
    if numbers := re.fullmatch(r"(\d+) to (\d+)", says):
        low, high = map(int, numbers.groups())
        inside = [low, low + 1, (low + high) // 2, (low + high) // 3, high - 1, high]
        return [*map(str, inside)], [str(low - 1), str(high + 1), f"{high}0", "-1", "1.5", "many", ""]
    if says == "an address":
        return ["http://127.0.0.1:8080/email/v1", "https://x.example.com"], ["ftp://x", "x", ""]
    if "commas" not in says:
        return says.split(", "), ["", "2", "0", "LOUD", "info"]
    one = {"Su": "subnet-0a1b", "Se": "sg-0a1b", "Ar": "arn:aws:iam::111122223333:role/writer"}.get(name[:2])
    role = "arn:aws:iam::111122223333:role/writer"
    one = {"DropPrincipalArns": role, "OptOutReaderArns": role, "DropKmsKeyArns": OTHER_KEY}.get(name, one)
    assert one
    return [one, f"{one},{one}"], ["", ",", f"{one},", "somebody"]


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_may_be_what_the_page_says_and_nothing_else(name: str) -> None:
    good, bad = some_values(name)

    assert [value for value in good if not allowed(f"{name}={value}")] == []
    assert [value for value in bad if allowed(f"{name}={value}")] == []


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_has_effect_and_else_its_default(name: str) -> None:
    default, _ = SETTINGS[name]
    before = values_with("")
    made = {value: set(DEPLOYED_AS.get(value, value).split(",")) for value in some_values(name)[0]}
    value = next(value for value in made if not before & made[value])

    after = values_with(f"{name}={value} MaxChunkBytes=1234567")

    assert made[value] <= after
    assert default is None or default == "" or DEPLOYED_AS.get(default, default) in before


def test_every_setting_that_the_template_knows_is_on_the_page() -> None:
    names = set(re.findall(r'!Split \[" (\w+)=", [*&]settings', TEMPLATE.read_text(encoding="utf-8")))

    assert names == set(SETTINGS)


@pytest.mark.parametrize("settings", ["Ingestmemorymb=4096", "IngestMemoryMb", "LogLevel=INFO,Tracing=Active", "hello"])
def test_a_word_that_is_no_setting_is_refused(settings: str) -> None:
    with pytest.raises(LocalStackError, match="Settings"):
        deployed(Settings=settings)


def test_the_first_of_two_counts_and_spaces_do_not() -> None:
    function = deployed(Settings="  IngestMemoryMb=4096  IngestMemoryMb=5000 ").resources["IngestAudienceFunction"]

    assert function["Properties"]["MemorySize"] == "4096"


@pytest.mark.parametrize("address", ["", "none"])
def test_nobody_is_told_where_no_address_is_given(address: str) -> None:
    assert not deployed(NoticeEmail=address).of_type("AWS::SNS::Subscription")


def test_notices_go_to_the_address() -> None:
    (subscription,) = deployed(NoticeEmail="ops@example.com").of_type("AWS::SNS::Subscription").values()

    assert subscription["Endpoint"] == "ops@example.com"


def test_ingest_takes_what_it_needs_of_the_account_unless_it_is_capped() -> None:
    def cap(**parameters: str) -> Any:
        return (
            deployed(**parameters)
            .of_type("AWS::Lambda::Function")["IngestAudienceFunction"]
            .get("ReservedConcurrentExecutions")
        )

    for uncapped in ("new-account", "usual", "large"):
        assert cap(Concurrency=uncapped, Settings="IngestConcurrency=7") is None
    assert cap(Concurrency="shared") == "20"
    assert cap(Concurrency="shared", Settings="IngestConcurrency=7") == "7"


@pytest.mark.parametrize(("concurrency", "most"), [("new-account", 10), ("usual", 36), ("shared", 36), ("large", 164)])
def test_the_queues_and_the_ranges_share_what_the_account_has(concurrency: str, most: int) -> None:
    stack = deployed(Concurrency=concurrency)
    queues = [
        mapping["ScalingConfig"]["MaximumConcurrency"]
        for mapping in stack.of_type("AWS::Lambda::EventSourceMapping").values()
        if "ScalingConfig" in mapping and mapping["EventSourceArn"] != "IngestFailureQueue.Arn"  # empty, as a rule
    ]
    ranges = int(stack.resources["IngestRanges"]["Properties"]["DefinitionSubstitutions"]["RangeConcurrency"])

    # Numbers and not their texts: not every tool that reads templates turns one into the other.
    assert all(type(messages) is int and messages >= 2 for messages in queues)
    assert (len(queues), sum(queues) + ranges) == (4, most)


def test_a_file_that_failed_is_tried_again_longer_than_an_outage_lasts_and_the_sweep_waits_for_that() -> None:
    stack = deployed()
    queue = stack.resources["IngestFailureQueue"]["Properties"]
    ingest = stack.resources["IngestAudienceFunction"]["Properties"]
    tries, between = queue["RedrivePolicy"]["maxReceiveCount"], queue["VisibilityTimeout"]
    mapped = [
        mapping["FunctionName"]
        for mapping in stack.of_type("AWS::Lambda::EventSourceMapping").values()
        if mapping["EventSourceArn"] == "IngestFailureQueue.Arn"
    ]
    (events,) = stack.of_type("AWS::Lambda::EventInvokeConfig").values()

    assert events["DestinationConfig"]["OnFailure"]["Destination"] == "IngestFailureQueue.Arn"
    assert mapped == ["IngestAudienceFunction"]
    assert between > ingest["Timeout"]  # or one try begins before the last has ended
    assert tries * between > 3 * 3600
    assert events["MaximumEventAgeInSeconds"] + tries * between < INGEST_GRACE_SECONDS


def test_the_texts_of_secrets_are_what_they_have_always_been_or_a_release_would_overwrite_credentials() -> None:
    texts = {
        name: secret.get("SecretString", "").strip()
        for name, secret in deployed().of_type("AWS::SecretsManager::Secret").items()
    }

    assert texts == {
        "ListrakEmailSecret": '{"client_id":"replace-me","client_secret":"replace-me"}',
        "ListrakSmsSecret": '{"client_id":"replace-me","client_secret":"replace-me"}',
        "ListrakSftpSecret": '{"host":"ftp.listrak.com","port":22,"username":"replace-me","password":"replace-me",'
        '"folder":"","host_key":""}',
        "OptOutKey": "",  # AWS makes it, once
    }


# --- what AWS takes ---------------------------------------------------------------------------------------------------


def test_rules_use_only_functions_that_cloudformation_takes_there() -> None:
    assert list(rules.faults(SOURCE)) == []


@pytest.mark.parametrize("function", ["Fn::Join", "Fn::Sub", "Fn::If", "Fn::Select", "Condition"])
def test_a_function_that_cloudformation_refuses_in_rules_is_named(function: str) -> None:
    deep = {"Fn::Not": [{"Fn::Equals": [{function: "x"}, ""]}]}

    (fault,) = rules.faults({"Rules": {"One": {"Assertions": [{"Assert": deep}]}}})

    assert fault.endswith(f"not supported in the Rules block of the template: [{function}]")


def test_conditions_are_told_by_parameters_alone_which_every_reader_of_templates_can_do() -> None:
    def functions(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value).union(*map(functions, value.values()))
        return set().union(*map(functions, value)) if isinstance(value, list) else set()

    used = set().union(*map(functions, SOURCE["Conditions"].values()))

    assert used <= {"Fn::Equals", "Fn::Not", "Fn::Or", "Fn::And", "Condition", "Ref"}


def test_every_function_fits_a_new_account() -> None:
    functions = deployed().of_type("AWS::Lambda::Function")

    assert functions
    assert {
        name: int(f["MemorySize"]) for name, f in functions.items() if int(f["MemorySize"]) > NEW_ACCOUNT_MEMORY_MB
    } == {}


def test_a_message_comes_back_no_sooner_than_the_function_that_has_it_can_have_ended() -> None:
    stack = deployed()
    mappings = stack.of_type("AWS::Lambda::EventSourceMapping").values()

    hidden = {
        mapping["EventSourceArn"]: (
            int(stack.resources[mapping["EventSourceArn"].removesuffix(".Arn")]["Properties"]["VisibilityTimeout"]),
            int(stack.resources[mapping["FunctionName"]]["Properties"]["Timeout"]),
        )
        for mapping in mappings
    }

    assert len(hidden) == len(mappings) > 0
    assert {queue: times for queue, times in hidden.items() if times[0] < times[1]} == {}


def sends_to_itself(stack: Deployed) -> set[str]:
    """Functions that may send messages to the queue that they take them from."""
    found = set()
    for mapping in stack.of_type("AWS::Lambda::EventSourceMapping").values():
        role = stack.resources[mapping["FunctionName"]]["Properties"]["Role"].removesuffix(".Arn")
        for statement in stack.statements(role):
            sends = "sqs:SendMessage" in as_list(statement["Action"])
            if sends and mapping["EventSourceArn"] in as_list(statement["Resource"]):
                found.add(mapping["FunctionName"])
    return found


def test_lambda_lets_those_go_on_whose_messages_wait_and_guards_the_others_against_loops() -> None:
    stack = deployed()
    allowed_to = {
        name for name, f in stack.of_type("AWS::Lambda::Function").items() if f.get("RecursiveLoop") == "Allow"
    }

    # What ingest takes from its queue of failures Lambda has put there, of events that came from S3.
    assert allowed_to == sends_to_itself(stack) - {"IngestAudienceFunction"}
    assert len(allowed_to) == 5


def test_layers_of_two_stacks_in_one_account_do_not_share_a_name() -> None:
    names = [layer["LayerName"] for layer in deployed().of_type("AWS::Lambda::LayerVersion").values()]

    assert len(names) == len(set(names)) > 0
    assert all(name.startswith("relay-") for name in names)


def test_buckets_are_encrypted_private_reached_by_tls_and_forget() -> None:
    stack = deployed(Settings="CollectOptOuts=daily")
    buckets = stack.of_type("AWS::S3::Bucket")
    policies = stack.of_type("AWS::S3::BucketPolicy").values()
    refused_in_clear = {
        policy["Bucket"]
        for policy in policies
        for statement in policy["PolicyDocument"]["Statement"]
        if (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    }

    assert set(buckets) == {"DropBucket", "WorkBucket", "OptOutBucket"} == refused_in_clear
    for bucket in buckets.values():
        assert bucket["BucketEncryption"]
        assert all(bucket["PublicAccessBlockConfiguration"].values())
        assert any("ExpirationInDays" in rule for rule in bucket["LifecycleConfiguration"]["Rules"])


def test_dropped_files_are_deleted_for_good_the_day_after_their_time() -> None:
    bucket = deployed(Settings="DropRetentionDays=7").resources["DropBucket"]["Properties"]
    (rule,) = bucket["LifecycleConfiguration"]["Rules"]

    assert rule["ExpirationInDays"] == "7"
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}


@pytest.mark.parametrize(
    ("often", "state", "rate"),
    [
        ("off", "DISABLED", "rate(1 day)"),
        ("hourly", "ENABLED", "rate(1 hour)"),
        ("daily", "ENABLED", "rate(1 day)"),
        ("", "DISABLED", "rate(1 day)"),
    ],
)
def test_opt_outs_are_collected_as_often_as_is_said_and_not_before(often: str, state: str, rate: str) -> None:
    stack = deployed(Settings=f"CollectOptOuts={often}" if often else "")

    (rule,) = [one for one in stack.of_type("AWS::Events::Rule").values() if "Collect" in one["Targets"][0]["Id"]]

    assert (rule["State"], rule["ScheduleExpression"]) == (state, rate)


def test_collected_opt_outs_are_deleted_for_good_the_day_after_their_time() -> None:
    stack = deployed(Settings="OptOutRetentionDays=7")
    (rule,) = stack.resources["OptOutBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]

    assert rule["ExpirationInDays"] == "7"
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}
    variables = stack.resources["CollectOptOutsFunction"]["Properties"]["Environment"]["Variables"]
    assert variables["OPT_OUT_RETENTION_DAYS"] == "7"


def test_readers_of_other_accounts_may_read_opt_outs_and_do_nothing_else() -> None:
    reader = "arn:aws:iam::111122223333:role/reader"
    stack = deployed(Settings=f"OptOutReaderArns={reader}", EncryptionKey="stack")

    statements = stack.resources["OptOutBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    allowed_there = {one["Action"] for one in statements if one["Effect"] == "Allow"}
    readers = [one["Principal"]["AWS"] for one in statements if one["Effect"] == "Allow"]
    (key,) = stack.of_type("AWS::KMS::Key").values()
    (of_key,) = [one for one in key["KeyPolicy"]["Statement"] if one["Sid"] == "ReadOptOuts"]

    assert allowed_there == {"s3:GetObject", "s3:ListBucket"}
    assert readers == [[reader], [reader]]
    assert (of_key["Principal"]["AWS"], of_key["Action"]) == ([reader], "kms:Decrypt")


NAMES = ("Name", "BucketName", "TableName", "TopicName", "AliasName", "RoleName", "LogGroupName")


def test_what_outlives_its_stack_is_not_in_the_way_of_the_next_one_of_that_name() -> None:
    stays = {
        name: resource["Properties"]
        for name, resource in deployed(EncryptionKey="stack", StaticEgress="two-zones").resources.items()
        if resource.get("DeletionPolicy", "Delete") != "Delete"
    }
    names = {name: kept[of] for name, kept in stays.items() for of in NAMES if of in kept}

    assert {"DropBucket", "RunLedger", "OptOutKey", "StackKey", "AddressA"} <= set(stays)
    assert {name: value for name, value in names.items() if STACK_UUID not in value} == {}


# --- who may read which secret ----------------------------------------------------------------------------------------

PREFIXES = {**{channel.value: channel_prefix(channel) for channel in Channel}, "pgp": PGP_PREFIX}
BUILT_IN = {"listrak-email": "email", "listrak-sms": "sms", "listrak-sftp": "sftp"}
READERS = {
    "IngestAudienceRole": {"pgp"},
    "IngestRangesRole": {"pgp"},
    "DeliverEmailRole": {"email"},
    "DeliverSmsRole": {"sms"},
    "MonitorImportRole": {"email", "sms"},
    "RelayFeedRole": {"sftp"},
    "CloseRunRole": set(),
    "CollectOptOutsRole": {"email", "sms"},
}


def readable(stack: Deployed, role: str) -> list[str]:
    return [
        resource
        for statement in stack.statements(role)
        if "secretsmanager:GetSecretValue" in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
    ]


def test_every_role_of_a_function_is_known_here() -> None:
    functions = deployed().of_type("AWS::Lambda::Function").values()

    assert {function["Role"].removesuffix(".Arn") for function in functions} == set(READERS)


@pytest.mark.parametrize("role", READERS)
def test_secrets_are_granted_by_their_names(role: str) -> None:
    """Not by a reference, which is no ARN everywhere."""
    assert [pattern for pattern in readable(deployed(), role) if not pattern.startswith(SECRET)] == []


OPT_OUT_KEY = f"{SECRET}opt-out-key-{STACK_UUID}-AbCdEf"
READERS_OF_THE_OPT_OUT_KEY = {
    "IngestAudienceRole",
    "IngestRangesRole",
    "DeliverEmailRole",
    "DeliverSmsRole",
    "MonitorImportRole",
}


@pytest.mark.parametrize("role", READERS)
def test_the_key_of_remembered_opt_outs_is_read_by_those_who_remember_or_ask(role: str) -> None:
    may = any(fnmatchcase(OPT_OUT_KEY, pattern) for pattern in readable(deployed(), role))

    assert may == (role in READERS_OF_THE_OPT_OUT_KEY)


@pytest.mark.parametrize("role", READERS)
def test_a_function_reads_the_secrets_that_it_needs_and_no_others(role: str) -> None:
    patterns = readable(deployed(), role)

    for kind, prefix in PREFIXES.items():
        may = any(fnmatchcase(f"{SECRET}{prefix}vip-AbCdEf", pattern) for pattern in patterns)
        assert may == (kind in READERS[role]), kind
    for secret, kind in BUILT_IN.items():
        may = any(fnmatchcase(f"{SECRET}{secret}-AbCdEf", pattern) for pattern in patterns)
        assert may == (kind in READERS[role]), secret
    assert not any(fnmatchcase(f"{SECRET}vip-AbCdEf", pattern) for pattern in patterns)
    assert not any(fnmatchcase(f"{SECRET.replace('relay', 'other')}email-vip-AbCdEf", pattern) for pattern in patterns)


# --- keys -------------------------------------------------------------------------------------------------------------

KEY_OF = {
    "AWS::S3::Bucket": lambda p: p["BucketEncryption"]["ServerSideEncryptionConfiguration"][0][
        "ServerSideEncryptionByDefault"
    ].get("KMSMasterKeyID"),
    "AWS::SQS::Queue": lambda p: p.get("KmsMasterKeyId"),
    "AWS::SNS::Topic": lambda p: p.get("KmsMasterKeyId"),
    "AWS::DynamoDB::Table": lambda p: p["SSESpecification"].get("KMSMasterKeyId"),
    "AWS::SecretsManager::Secret": lambda p: p.get("KmsKeyId"),
}


@pytest.mark.parametrize(("given", "key"), [("aws", None), ("stack", STACK_KEY), (OTHER_KEY, OTHER_KEY)])
def test_one_parameter_says_by_which_key_everything_is_kept(given: str, key: str | None) -> None:
    stack = deployed(EncryptionKey=given)
    kept = {name: KEY_OF[r["Type"]](r["Properties"]) for name, r in stack.resources.items() if r["Type"] in KEY_OF}

    assert len(kept) > 15
    assert {name: found for name, found in kept.items() if found != key} == {}
    assert bool(stack.of_type("AWS::KMS::Key")) == (given == "stack")
    assert stack.outputs.get("EncryptionKeyArn") == key


def test_queues_are_encrypted_with_a_key_or_without() -> None:
    def managed(key: str) -> set[Any]:
        return {
            queue.get("SqsManagedSseEnabled")
            for queue in deployed(EncryptionKey=key).of_type("AWS::SQS::Queue").values()
        }

    assert managed("aws") == {True}
    assert managed("stack") == {False}


@pytest.mark.parametrize("role", [*READERS, "IngestRangesMachineRole"])
@pytest.mark.parametrize(("given", "key"), [("stack", STACK_KEY), (OTHER_KEY, OTHER_KEY)])
def test_every_role_may_use_the_key_where_there_is_one(role: str, given: str, key: str) -> None:
    def uses(stack: Deployed) -> list[Document]:
        return [one for one in stack.statements(role) if one.get("Sid") == "UseKey"]

    (statement,) = uses(deployed(EncryptionKey=given))

    assert statement["Resource"] == key
    assert "kms:Decrypt" in as_list(statement["Action"])
    assert uses(deployed()) == []


def test_alarms_may_use_the_stacks_key_for_the_topic() -> None:
    (key,) = deployed(EncryptionKey="stack").of_type("AWS::KMS::Key").values()
    (statement,) = [one for one in key["KeyPolicy"]["Statement"] if one["Sid"] == "AlarmsToTopic"]

    assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert statement["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]


def test_files_encrypted_by_keys_of_others_can_be_read_by_those_who_read_files() -> None:
    stack = deployed(Settings=f"DropKmsKeyArns={OTHER_KEY},{OTHER_KEY}2")

    for role in ("IngestAudienceRole", "IngestRangesRole"):
        (statement,) = [one for one in stack.statements(role) if one.get("Sid") == "DecryptDrops"]
        assert statement["Resource"] == [OTHER_KEY, f"{OTHER_KEY}2"]


# --- the drop bucket --------------------------------------------------------------------------------------------------


def test_a_bucket_that_exists_is_read_and_listened_to_and_not_made() -> None:
    stack = deployed(DropBucketName="our-drops")

    assert "DropBucket" not in stack.resources
    assert "DropBucketPolicy" not in stack.resources
    assert stack.outputs["DropBucketName"] == "our-drops"
    pattern = stack.resources["GivenDropBucketRule"]["Properties"]["EventPattern"]
    assert pattern["detail"] == {"bucket": {"name": ["our-drops"]}}
    (read,) = [one for one in stack.statements("IngestAudienceRole") if one.get("Sid") == "ReadDrops"]
    assert read["Resource"] == "arn:aws:s3:::our-drops/*"
    assert "DropBucket." not in str(stack.resources)


def test_the_stacks_own_bucket_takes_files_of_the_principals_that_are_named_and_of_no_other_account() -> None:
    def droppers(**parameters: str) -> Any:
        statements = deployed(**parameters).resources["DropBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
        (allow,) = [one for one in statements if one["Effect"] == "Allow"]
        assert allow["Action"] == ["s3:PutObject", "s3:AbortMultipartUpload"]
        return allow["Principal"]["AWS"]

    writer = "arn:aws:iam::111122223333:role/writer"

    assert droppers() == [f"arn:aws:iam::{ACCOUNT}:root"]
    assert droppers(Settings=f"DropPrincipalArns={writer}") == [writer]


# --- the network ------------------------------------------------------------------------------------------------------

SENDERS = [
    *("DeliverEmailFunction", "DeliverSmsFunction", "MonitorImportFunction", "RelayFeedFunction"),
    "CollectOptOutsFunction",
]


def networks(stack: Deployed) -> dict[str, Any]:
    return {n: f["VpcConfig"] for n, f in stack.of_type("AWS::Lambda::Function").items() if "VpcConfig" in f}


def test_there_is_no_network_unless_it_is_asked_for() -> None:
    stack = deployed()

    assert networks(stack) == {}
    assert not [name for name, resource in stack.resources.items() if resource["Type"].startswith("AWS::EC2::")]
    assert "EgressAddresses" not in stack.outputs


@pytest.mark.parametrize(
    ("egress", "subnets", "addresses"),
    [
        ("one-zone", ["PrivateSubnetA"], "AddressA.PublicIp"),
        ("two-zones", ["PrivateSubnetA", "PrivateSubnetB"], "AddressA.PublicIp, AddressB.PublicIp"),
    ],
)
def test_the_functions_that_call_listrak_leave_by_addresses_that_stay(
    egress: str, subnets: list[str], addresses: str
) -> None:
    stack = deployed(StaticEgress=egress)

    network = {"SubnetIds": subnets, "SecurityGroupIds": ["DeliverySecurityGroup"]}
    assert networks(stack) == dict.fromkeys(SENDERS, network)
    assert stack.outputs["EgressAddresses"] == addresses
    assert len(stack.of_type("AWS::EC2::NatGateway")) == len(stack.of_type("AWS::EC2::EIP")) == len(subnets)
    for name in stack.of_type("AWS::EC2::EIP"):
        assert stack.resources[name]["DeletionPolicy"] == "RetainExceptOnCreate"


@pytest.mark.parametrize("egress", ["one-zone", "two-zones"])
def test_each_private_subnet_has_a_way_out_in_its_own_zone_and_endpoints_that_cost_nothing(egress: str) -> None:
    stack = deployed(StaticEgress=egress)
    tables = {
        one["SubnetId"]: one["RouteTableId"] for one in stack.of_type("AWS::EC2::SubnetRouteTableAssociation").values()
    }
    gates: dict[Any, Any] = {
        one["RouteTableId"]: one.get("NatGatewayId") for one in stack.of_type("AWS::EC2::Route").values()
    }
    nats = stack.of_type("AWS::EC2::NatGateway")

    for subnet in networks(stack)["DeliverEmailFunction"]["SubnetIds"]:
        nat = nats[gates[tables[subnet]]]
        assert nat["SubnetId"] == subnet.replace("Private", "Public")
        for endpoint in stack.of_type("AWS::EC2::VPCEndpoint").values():
            assert tables[subnet] in endpoint["RouteTableIds"]
    assert {one["ServiceName"].rsplit(".", 1)[-1] for one in stack.of_type("AWS::EC2::VPCEndpoint").values()} == {
        "s3",
        "dynamodb",
    }


def test_subnets_of_ones_own_are_taken_and_cannot_be_forgotten() -> None:
    settings = "SubnetIds=subnet-0a,subnet-0b SecurityGroupIds=sg-0c"
    stack = deployed(StaticEgress="own-subnets", Settings=settings)
    expected = {"SubnetIds": ["subnet-0a", "subnet-0b"], "SecurityGroupIds": ["sg-0c"]}

    assert networks(stack) == dict.fromkeys(SENDERS, expected)
    assert not stack.of_type("AWS::EC2::VPC")
    # AWS knows no such subnet and says so while the stack is made.
    assert networks(deployed(StaticEgress="own-subnets"))["RelayFeedFunction"]["SubnetIds"] == ["subnet-00000000"]


@pytest.mark.parametrize("egress", ["one-zone", "own-subnets"])
def test_a_function_in_a_network_may_attach_to_it(egress: str) -> None:
    stack = deployed(StaticEgress=egress)

    for function in SENDERS:
        role = stack.resources[function]["Properties"]["Role"].removesuffix(".Arn")
        (policy,) = stack.resources[role]["Properties"]["ManagedPolicyArns"]
        assert policy.endswith("AWSLambdaVPCAccessExecutionRole")
