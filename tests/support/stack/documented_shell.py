"""Which commands of the documentation a test types at a shell, and why the others cannot be."""

from __future__ import annotations

import re

from tests.support.stack.documented import Step

STORY = [
    Step(
        "aws secretsmanager put-secret-value --secret-id listrak-relay/listrak-email --secret-string file://listrak.json"
    ),
    Step("aws secretsmanager create-secret --name listrak-relay/email-vip --secret-string file://listrak-vip.json"),
    Step('aws secretsmanager create-secret --name "$STACK/pgp-vip" --secret-string file://private-key.asc'),
    Step(
        'aws secretsmanager get-secret-value --secret-id "$STACK/vip" --query SecretString --output text > "$copy"',
    ),
    # The name is that of a step before; in the documentation it is made once.
    Step('aws secretsmanager create-secret --name "$STACK/email-vip" --secret-string "file://$copy"', code=255),
    Step('aws s3 cp destinations.yaml "s3://$WORK_BUCKET/config/destinations.yaml"'),
    Step('aws s3 cp customers.csv "s3://<DropBucketName>/email/vip/customers.csv"'),
    Step('aws s3 cp customers_export.csv "s3://<DropBucketName>/email/shop_customers/"'),
    Step('aws s3 cp orders.csv "s3://$DROP/orders/orders.csv"'),
    Step('aws s3api put-object --bucket "<DropBucketName>" --key bigquery/gold/_SUCCESS'),
    Step('aws s3 cp orders_export.csv "s3://<DropBucketName>/shopify_orders/"'),
    Step('aws s3 cp orders_export.csv "s3://<DropBucketName>/shopify_items/"'),
    Step('aws s3 cp items.tsv "s3://<DropBucketName>/magento_items/"'),
    Step("aws --endpoint-url http://127.0.0.1:4566 s3 cp customers.csv s3://listrak-relay-drop/email/vip/"),
    Step('aws s3 cp "s3://$DROP/$KEY" "s3://$DROP/$KEY" --metadata-directive REPLACE'),
    Step('aws s3 ls "s3://$WORK/runs/"'),
    Step('aws s3 cp "s3://$WORK/runs/$RUN/report.json" -'),
    Step('aws s3 cp "s3://$WORK/runs/$RUN/rejects.csv" -'),
    Step(
        'aws s3api list-objects-v2 --bucket "$DROP" --query "Contents[?LastModified>=\'2026-11-23T06:00\'].Key" '
        "--output text"
    ),
    Step(
        "aws s3api put-bucket-notification-configuration --bucket our-drops --notification-configuration "
        "'{\"EventBridgeConfiguration\": {}}'"
    ),
    Step('aws cloudformation describe-stacks --stack-name "$STACK" --query "Stacks[0].Parameters"'),
    Step("aws ec2 describe-addresses --filters Name=tag:Name,Values=listrak-relay"),
    Step(
        'aws lambda list-event-source-mappings --function-name "$(resource DeliverEmailFunction)" '
        '--query "EventSourceMappings[].[UUID,State]" --output text'
    ),
    Step(
        'aws sqs receive-message --queue-url "$(resource EmailDeadLetterQueue)" --visibility-timeout 0 '
        "--max-number-of-messages 10"
    ),
    Step(
        'aws sqs start-message-move-task --source-arn "$(queue_arn EmailDeadLetterQueue)" '
        '--destination-arn "$(queue_arn EmailQueue)"'
    ),
    Step(
        'aws sqs start-message-move-task --source-arn "$(queue_arn IngestFailureDeadLetterQueue)" '
        '--destination-arn "$(queue_arn IngestFailureQueue)"'
    ),
    Step(
        'aws stepfunctions list-executions --state-machine-arn "$(output RangesStateMachineArn)" --status-filter FAILED'
    ),
    Step(
        'aws cloudformation deploy --template-file watching/saved-queries.yaml --stack-name "$STACK-queries" '
        '--parameter-overrides Stack="$STACK" LogGroupNames="$(aws cloudformation describe-stack-resources '
        '--stack-name "$STACK" --output text --query "StackResources[?ResourceType==\'AWS::Logs::LogGroup\']'
        ".PhysicalResourceId\" | tr '\\t' ',')\""
    ),
    Step(
        "name=$(aws --endpoint-url http://127.0.0.1:4566 lambda list-functions "
        "--query \"Functions[?contains(FunctionName, 'CollectOptOuts')].FunctionName\" --output text)"
    ),
    Step('aws --endpoint-url http://127.0.0.1:4566 lambda invoke --function-name "$name" /dev/stdout'),
    Step("aws --endpoint-url http://127.0.0.1:4566 s3 ls --recursive s3://listrak-relay-opt-out/"),
    Step("make sftp-check DESTINATION=orders STACK=listrak-relay"),
    Step("make env STACK=listrak-relay"),
    Step("make help"),
]
"""In a folder with the files that they name. Each begins after `definitions`."""

RUNS = [
    Step("make run FILE=~/customers.csv DESTINATION=email AUDIENCE=vip"),
    Step("make run FILE=~/orders.csv DESTINATION=orders"),
]
"""Each starts a stack of its own."""

_ACCOUNT = "needs an AWS account"
_LEVEL = "runs tests, measurements or checks, which no test starts once more"
ELSEWHERE = {
    r"git clone .*": "the address is that of whoever publishes the repository",
    r"pip install \.": "installs into the environment of the tests; tests/packaging installs the simulator so",
    r"pip install \./simulator": "tests/packaging builds and installs it",
    r"listrak-simulator .*": "needs the simulator installed; tests/packaging starts it",
    r"\.venv/bin/python -m pytest .*": _LEVEL,
    r"make (test|check|soak|bench|site|lock|least-privilege|(build|aws|browser|docs|transfer)-check)( .*)?": _LEVEL,
    r"make (demo|local|run|env|sftp-check)": "is typed as `python -m local …` in tests/integration/local/commands",
    r"make (build|clean)": "makes or removes what the tests stand on; tests/packaging builds",
    r"make diagrams": "needs npm and Chromium; a test of the documentation holds what it has drawn",
    r"sam (build|deploy|delete).*": f"{_ACCOUNT}; tests/packaging builds, tests/aws deploys to a second emulator",
    r"sam local invoke .*": "needs Docker and a deployed stack",
    r"aws logs tail( .*)?": "needs version 2 of the AWS CLI, which no package index has, and logs at AWS",
    r"aws lambda get-function-recursion-config .*": "the emulator does not know it",
    r"aws lambda invoke .*--invocation-type Event .*": "the local stack waits for what it invokes",
    r"aws lambda invoke": "spoken of, not typed",
    r"aws cloudformation package": "spoken of, not typed",
    r"aws cloudformation deploy --template-file policies/.*": (
        "the emulator's IAM does not take the policies; tests/aws/test_policies.py makes these stacks in the second one"
    ),
}
"""A pattern of commands, and why no test types them at a shell. Those of aws are looked up in the models of AWS."""


def elsewhere(command: str) -> bool:
    return any(re.fullmatch(pattern, command) for pattern in ELSEWHERE)
