"""What becomes of each thing in the translated template on one machine. `check` refuses whatever is not listed here.

moto's CloudFormation skips types and properties that it does not know without an error, so a stack could look whole and
lack its dead-letter alarms or its bucket's versioning. Hence this table: every path of every type is either created by
moto, made good by `local.deploy`, or left out for a reason that is written down.

A path is ``Property.Inner[].Leaf``; ``**`` at its end stands for everything below.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Handling(Enum):
    EMULATED = "created by moto's CloudFormation"
    MADE_GOOD = "left out by moto's CloudFormation, done by the local stack"
    LEFT_OUT = "without effect on one machine"


@dataclass(frozen=True, slots=True)
class Rule:
    """``note``: for MADE_GOOD where it is done, for LEFT_OUT why nothing is lost."""

    handling: Handling
    paths: tuple[str, ...]
    note: str = ""


def emulated(*paths: str) -> Rule:
    return Rule(Handling.EMULATED, paths)


def made_good(note: str, *paths: str) -> Rule:
    return Rule(Handling.MADE_GOOD, paths, note)


def left_out(note: str, *paths: str) -> Rule:
    return Rule(Handling.LEFT_OUT, paths, note)


_IN_MEMORY = "the emulator keeps everything in memory and nothing is billed"
_OWN_INTERPRETER = "the handlers run in the interpreter of the virtual environment"
_SAM_TAGS = "set by SAM, read by nobody"

TYPES_MADE_GOOD: dict[str, str] = {
    "AWS::SecretsManager::Secret": "created before the stack, since functions refer to it",
    "AWS::S3::BucketPolicy": "checked to be TLS only, not installed: the emulator speaks plain HTTP, which they refuse",
    "AWS::CloudWatch::Alarm": "put by API after the stack; its state never changes, as no metrics are counted",
    "AWS::SNS::Subscription": "subscribed by API after the stack; mail to people is not sent",
    "AWS::Lambda::EventInvokeConfig": "put by API after the stack and obeyed by local.triggers.asynchronous",
}
"""Types that moto's CloudFormation would skip. They are taken out of what it is given."""

PROPERTIES: dict[str, tuple[Rule, ...]] = {
    "AWS::S3::Bucket": (
        emulated("BucketEncryption.**"),
        made_good("local.deploy.buckets", "VersioningConfiguration.Status", "PublicAccessBlockConfiguration.**"),
        made_good(
            "local.deploy.buckets", "OwnershipControls.Rules[].ObjectOwnership", "LifecycleConfiguration.Rules[].**"
        ),
        made_good(
            "local.deploy.buckets: to an internal queue that local.triggers.s3_events reads",
            "NotificationConfiguration.LambdaConfigurations[].Event",
            "NotificationConfiguration.LambdaConfigurations[].Function",
            "NotificationConfiguration.LambdaConfigurations[].Filter.S3Key.Rules[].Name",
            "NotificationConfiguration.LambdaConfigurations[].Filter.S3Key.Rules[].Value",
        ),
    ),
    "AWS::S3::BucketPolicy": (made_good("checked to be TLS only, not installed", "Bucket", "PolicyDocument.**"),),
    "AWS::DynamoDB::Table": (
        emulated("BillingMode", "AttributeDefinitions[].**", "KeySchema[].**", "GlobalSecondaryIndexes[].**"),
        made_good("local.deploy.tables", "TimeToLiveSpecification.AttributeName", "TimeToLiveSpecification.Enabled"),
        made_good("local.deploy.tables", "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled"),
        left_out(_IN_MEMORY, "SSESpecification.SSEEnabled"),
    ),
    "AWS::SecretsManager::Secret": (
        made_good(
            "local.deploy.secrets",
            "Name",
            "Description",
            "SecretString",
            "GenerateSecretString.PasswordLength",
            "GenerateSecretString.ExcludePunctuation",
        ),
    ),
    "AWS::SNS::Topic": (emulated("DisplayName"),),
    "AWS::SNS::Subscription": (made_good("local.deploy.notices", "TopicArn", "Protocol", "Endpoint"),),
    "AWS::SQS::Queue": (
        emulated("MessageRetentionPeriod", "VisibilityTimeout", "SqsManagedSseEnabled"),
        emulated("RedrivePolicy.deadLetterTargetArn", "RedrivePolicy.maxReceiveCount"),
    ),
    "AWS::CloudWatch::Alarm": (
        made_good(
            "local.deploy.notices",
            *("AlarmDescription", "Namespace", "MetricName", "Dimensions[].Name", "Dimensions[].Value", "Statistic"),
            *("Period", "EvaluationPeriods", "Threshold", "ComparisonOperator", "TreatMissingData", "AlarmActions[]"),
        ),
    ),
    "AWS::Logs::LogGroup": (emulated("LogGroupName", "RetentionInDays"),),
    "AWS::IAM::Role": (
        emulated("AssumeRolePolicyDocument.**", "Policies[].PolicyName", "Policies[].PolicyDocument.**"),
        left_out("permissions to attach to a VPC; there is none", "ManagedPolicyArns[]"),
    ),
    "AWS::IAM::Policy": (emulated("PolicyName", "Roles[]", "PolicyDocument.**"),),
    "AWS::Lambda::Function": (
        emulated("Description", "Handler", "MemorySize", "Role", "Runtime", "Timeout", "Environment.Variables.**"),
        emulated("VpcConfig", "VpcConfig.SubnetIds", "VpcConfig.SecurityGroupIds"),
        made_good(
            "local.lambda_runtime.settings: the folders of the working copy", "Code.S3Bucket", "Code.S3Key", "Layers[]"
        ),
        made_good("local.lambda_runtime.settings: AWS_LAMBDA_LOG_GROUP_NAME", "LoggingConfig.LogGroup"),
        left_out(_OWN_INTERPRETER, "Architectures[]"),
        left_out("a function has the disk of this machine", "EphemeralStorage.Size"),
        left_out(_SAM_TAGS, "Tags[].Key", "Tags[].Value"),
    ),
    "AWS::Lambda::EventInvokeConfig": (
        made_good(
            "local.triggers.asynchronous",
            *("FunctionName", "Qualifier", "MaximumEventAgeInSeconds", "MaximumRetryAttempts"),
            "DestinationConfig.OnFailure.Destination",
        ),
    ),
    "AWS::Lambda::EventSourceMapping": (
        emulated("EventSourceArn", "FunctionName"),
        made_good(
            "created by moto, disabled, and obeyed by local.triggers.sqs_poller",
            *(
                "BatchSize",
                "MaximumBatchingWindowInSeconds",
                "FunctionResponseTypes[]",
                "ScalingConfig.MaximumConcurrency",
            ),
        ),
    ),
    "AWS::Lambda::Permission": (emulated("Action", "FunctionName", "Principal", "SourceAccount", "SourceArn"),),
    "AWS::Lambda::LayerVersion": (
        emulated("Content.S3Bucket", "Content.S3Key", "Description", "LayerName"),
        left_out(_OWN_INTERPRETER, "CompatibleRuntimes[]", "CompatibleArchitectures[]"),
    ),
    "AWS::Events::Rule": (
        emulated("Description", "Targets[].Arn", "Targets[].Id"),
        made_good("local.triggers.schedule", "ScheduleExpression"),
    ),
    "AWS::StepFunctions::StateMachine": (
        made_good(
            "made by local.deploy.state_machines, run by local.emulator.state_machines",
            *("DefinitionString", "DefinitionSubstitutions.**", "RoleArn", "StateMachineType"),
            *("LoggingConfiguration.Level", "LoggingConfiguration.IncludeExecutionData"),
            "LoggingConfiguration.Destinations[].CloudWatchLogsLogGroup.LogGroupArn",
        ),
        left_out(_SAM_TAGS, "Tags[].Key", "Tags[].Value"),
    ),
}

ATTRIBUTES: dict[str, Rule] = {
    "Type": emulated(),
    "Properties": emulated(),
    "DependsOn": emulated(),
    "Condition": emulated(),
    "DeletionPolicy": left_out("the stack is never deleted, it ends with its process"),
    "UpdateReplacePolicy": left_out("the stack is never updated"),
}

SECTIONS: dict[str, Rule] = {
    "AWSTemplateFormatVersion": emulated(),
    "Description": emulated(),
    "Parameters": made_good("types, defaults, allowed values and ranges: local.template.parameters"),
    "Conditions": emulated(),
    "Resources": emulated(),
    "Outputs": emulated(),
    "Metadata": left_out("order of the questions of the AWS console"),
    "Rules": left_out("about VPC parameters, which stay empty on one machine"),
}
