"""What MiniStack does otherwise than AWS, and what becomes of it: mended for our runs in `local.ministack.mending`, or
left, with the place where it is looked at instead.

Only what this stack would meet is listed. Each is looked for by a test (`tests/aws/test_differences.py`): one that a
newer MiniStack has not is to be struck out, with its mending.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Handling(Enum):
    MENDED = "done as AWS does by local.ministack.mending"
    LEFT = "left as it is"


@dataclass(frozen=True, slots=True)
class Difference:
    """``name``: of its probe too. ``aws`` and ``here``: what each does. ``note``: how it is mended, or why it may be
    left."""

    name: str
    aws: str
    here: str
    handling: Handling
    note: str


def mended(name: str, *, aws: str, here: str, note: str) -> Difference:
    return Difference(name, aws, here, Handling.MENDED, note)


def left(name: str, *, aws: str, here: str, note: str) -> Difference:
    return Difference(name, aws, here, Handling.LEFT, note)


_LOCAL_STACK = "the local stack does it"
_MADE_GOOD = "the local stack asks for it after creation, see local/deploy/verify.py"

DIFFERENCES = (
    mended(
        "ranges_of_versions",
        aws="a range of a version of an object is that range",
        here="it is the whole object",
        note="files are read by ranges of their version, so nothing could be read",
    ),
    mended(
        "batches_of_messages",
        aws="sqs:SendMessage allows SendMessageBatch, likewise the other batches",
        here="each wants an action of its own, which IAM does not know",
        note="the action of a batch is taken for that of the single call",
    ),
    mended(
        "forbidden_to_look",
        aws="that an object is not there is said to those who may list the bucket; it is forbidden to others",
        here="it is said to everybody",
        note="s3:ListBucket is asked for",
    ),
    mended(
        "packages_of_functions",
        aws="a function has the packages of its layers",
        here="likewise, but the archives here have our code only",
        note="functions run in the interpreter of the project; `make build-check` imports what is deployed",
    ),
    mended(
        "disk_of_an_environment",
        aws="each execution environment has a disk of its own",
        here="all have one, so an invocation that clears it takes away the files of those beside it",
        note="each process begins with a temporary folder of its own",
    ),
    left(
        "fixed_addresses",
        aws="a stack may have NAT gateways with addresses of their own",
        here="the template is refused where parameters ask for them",
        note="the network is looked at by cfn-lint and tests of the template; nothing leaves this machine",
    ),
    left(
        "saved_queries",
        aws="CloudFormation makes queries of Logs Insights",
        here="the template is refused",
        note="cfn-lint looks at watching/saved-queries.yaml, and a test compares its fields with what functions write",
    ),
    left(
        "moving_messages",
        aws="StartMessageMoveTask brings dead letters back",
        here="there is no such call",
        note="tests move each message by themselves, with the same result",
    ),
    left(
        "twelve_hours",
        aws="a message cannot be hidden for more than 12 hours since it was received",
        here="for 12 hours from now",
        note=_LOCAL_STACK,
    ),
    left(
        "hiding_what_is_visible",
        aws="a message that is visible again cannot be hidden by its old receipt",
        here="it can",
        note=_LOCAL_STACK,
    ),
    left(
        "loops_by_queues",
        aws="the 17th invocation of a function by a message that it sent itself is refused",
        here="only loops of direct invocations are noticed",
        note=_LOCAL_STACK,
    ),
    left(
        "role_of_a_mapping",
        aws="a mapping whose function's role may not poll the queue is refused, and polling is done as the role",
        here="nobody asks the role",
        note="local.permissions.service_calls derives what AWS does in the names of roles, and the local stack refuses",
    ),
    left(
        "visibility_of_a_mapping",
        aws="a queue must hide messages for longer than its function may run",
        here="it need not",
        note="local.deploy.limits refuses it",
    ),
    left(
        "limits_of_functions",
        aws="memory beyond the account's, more than 4 KB of environment and reserved names are refused",
        here="they are taken",
        note="local.deploy.limits refuses them",
    ),
    left(
        "lifecycle_of_buckets",
        aws="CloudFormation gives a bucket its lifecycle",
        here="the bucket has none",
        note=_MADE_GOOD,
    ),
    left(
        "settings_of_tables",
        aws="CloudFormation switches on time to live and point-in-time recovery",
        here="they stay off",
        note=_MADE_GOOD,
    ),
    left(
        "keys_of_buckets",
        aws="CloudFormation gives buckets, topics and tables a customer's key, and readers must be allowed its use",
        here="the key is forgotten, and nobody is asked about it",
        note="local.permissions.keys derives from the calls what they would ask of KMS, by the keys of the template",
    ),
    left(
        "logging_of_state_machines",
        aws="CloudFormation sets what a state machine logs, and refuses a role that may not deliver it",
        here="it is forgotten",
        note=_MADE_GOOD,
    ),
    left(
        "failed_messages",
        aws="messages of a failed invocation wait until they are visible again, half an hour here",
        here="likewise, so that a test would have to wait",
        note="crashes are tried on the local stack, which shortens that wait",
    ),
    left(
        "references_of_secrets",
        aws="a template's reference to a secret is its ARN",
        here="it is its name, which allows nothing where a policy has it",
        note="policies name secrets by their names, which a test of the template sees to",
    ),
    left(
        "tries_of_an_event",
        aws="all tries of an asynchronous event have one request id",
        here="each has its own, so a later try takes the run of the first for somebody else's, and itself for a repeat",
        note=_LOCAL_STACK + "; no first try of a file fails in these tests",
    ),
)
