"""What becomes of each thing in the translated template on one machine. `check` refuses whatever is not listed here.

moto's CloudFormation skips types and properties that it does not know without an error, so a stack could look whole and
lack its dead-letter alarms or its bucket's versioning. Hence this table: every path of every type is either created by
moto, made good by `local.deploy`, left out for a reason that is written down, or of a kind that the local stack's own
parameters never ask for, of which `check_made` makes sure.

A path is ``Property.Inner[].Leaf``; ``**`` at its end stands for everything below.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Handling(Enum):
    EMULATED = "created by moto's CloudFormation"
    MADE_GOOD = "left out by moto's CloudFormation, done by the local stack"
    LEFT_OUT = "without effect on one machine"
    NOT_HERE = "asked for by no parameter of the local stack"


@dataclass(frozen=True, slots=True)
class Rule:
    """``note``: for MADE_GOOD where it is done, for the last two why nothing is lost."""

    handling: Handling
    paths: tuple[str, ...]
    note: str = ""


def emulated(*paths: str) -> Rule:
    return Rule(Handling.EMULATED, paths)


def made_good(note: str, *paths: str) -> Rule:
    return Rule(Handling.MADE_GOOD, paths, note)


def left_out(note: str, *paths: str) -> Rule:
    return Rule(Handling.LEFT_OUT, paths, note)


def not_here(note: str, *paths: str) -> Rule:
    return Rule(Handling.NOT_HERE, paths, note)


_IN_MEMORY = "the emulator keeps everything in memory and nothing is billed"
_OWN_INTERPRETER = "the handlers run in the interpreter of the virtual environment"
_SAM_TAGS = "set by SAM, read by nobody"

TYPES_MADE_GOOD: dict[str, str] = {
    "AWS::SecretsManager::Secret": "created before the stack, since functions refer to it",
    "AWS::S3::BucketPolicy": "checked to refuse plain HTTP alone, not installed: the emulator speaks nothing else",
    "AWS::CloudWatch::Alarm": "put by API after the stack; its state never changes, as no metrics are counted",
    "AWS::SNS::Subscription": "subscribed by API after the stack; mail to people is not sent",
    "AWS::CloudWatch::Dashboard": "put by API after the stack; nobody looks at it",
    "AWS::Lambda::EventInvokeConfig": "put by API after the stack and obeyed by local.triggers.asynchronous",
}
"""Types that moto's CloudFormation would skip. They are taken out of what it is given."""

_NO_NETWORK = "the network of fixed addresses, which the local stack never asks for: nothing leaves this machine"
_NO_KEY = "a key of the customer's, which the local stack never asks for: the emulator keeps everything in memory"
_NETWORK = (
    *("VPC", "Subnet", "InternetGateway", "VPCGatewayAttachment", "RouteTable", "Route", "SubnetRouteTableAssociation"),
    *("EIP", "NatGateway", "VPCEndpoint", "SecurityGroup"),
)
_OWN_BUCKET = "for a drop bucket that the stack did not make; here it makes one"

PROPERTIES: dict[str, tuple[Rule, ...]] = {
    "AWS::S3::Bucket": (
        emulated("BucketEncryption.ServerSideEncryptionConfiguration[].ServerSideEncryptionByDefault.SSEAlgorithm"),
        not_here(
            _NO_KEY,
            "BucketEncryption.ServerSideEncryptionConfiguration[].ServerSideEncryptionByDefault.KMSMasterKeyID",
            "BucketEncryption.ServerSideEncryptionConfiguration[].BucketKeyEnabled",
        ),
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
    "AWS::S3::BucketPolicy": (
        made_good("checked to refuse plain HTTP alone, not installed", "Bucket", "PolicyDocument.**"),
    ),
    "AWS::DynamoDB::Table": (
        emulated("BillingMode", "AttributeDefinitions[].**", "KeySchema[].**", "GlobalSecondaryIndexes[].**"),
        made_good("local.deploy.tables", "TimeToLiveSpecification.AttributeName", "TimeToLiveSpecification.Enabled"),
        made_good("local.deploy.tables", "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled"),
        left_out(_IN_MEMORY, "SSESpecification.SSEEnabled"),
        not_here(_NO_KEY, "SSESpecification.SSEType", "SSESpecification.KMSMasterKeyId"),
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
        not_here(_NO_KEY, "KmsKeyId"),
    ),
    "AWS::SNS::Topic": (emulated("DisplayName"), not_here(_NO_KEY, "KmsMasterKeyId")),
    "AWS::SNS::Subscription": (made_good("local.deploy.notices", "TopicArn", "Protocol", "Endpoint"),),
    "AWS::SQS::Queue": (
        emulated("MessageRetentionPeriod", "VisibilityTimeout", "SqsManagedSseEnabled"),
        emulated("RedrivePolicy.deadLetterTargetArn", "RedrivePolicy.maxReceiveCount"),
        not_here(_NO_KEY, "KmsMasterKeyId"),
    ),
    "AWS::CloudWatch::Alarm": (
        made_good(
            "local.deploy.notices",
            *("AlarmDescription", "Namespace", "MetricName", "Dimensions[].Name", "Dimensions[].Value", "Statistic"),
            *("Period", "EvaluationPeriods", "Threshold", "ComparisonOperator", "TreatMissingData", "AlarmActions[]"),
            "OKActions[]",
        ),
    ),
    "AWS::CloudWatch::Dashboard": (made_good("local.deploy.notices", "DashboardName", "DashboardBody"),),
    "AWS::Logs::LogGroup": (emulated("LogGroupName", "RetentionInDays"),),
    "AWS::IAM::Role": (
        emulated("AssumeRolePolicyDocument.**"),
        made_good("local.deploy.roles", "Policies[].PolicyName", "Policies[].PolicyDocument.**"),
        left_out("permissions to attach to a VPC; there is none", "ManagedPolicyArns[]"),
    ),
    "AWS::IAM::Policy": (made_good("local.deploy.roles", "PolicyName", "Roles[]", "PolicyDocument.**"),),
    "AWS::Lambda::Function": (
        emulated("Description", "Handler", "MemorySize", "Role", "Runtime", "Timeout", "Environment.Variables.**"),
        not_here(
            _NO_NETWORK,
            *("VpcConfig.SubnetIds", "VpcConfig.SecurityGroupIds"),
            *("VpcConfig.SubnetIds[]", "VpcConfig.SecurityGroupIds[]"),
        ),
        left_out("there is no X-Ray", "TracingConfig.Mode"),
        made_good(
            "local.lambda_runtime.settings: the folders of the working copy", "Code.S3Bucket", "Code.S3Key", "Layers[]"
        ),
        made_good("local.lambda_runtime.settings: AWS_LAMBDA_LOG_GROUP_NAME", "LoggingConfig.LogGroup"),
        made_good("local.lambda_runtime: hops are counted, invocations at once too", "RecursiveLoop"),
        made_good("local.lambda_runtime.account", "ReservedConcurrentExecutions"),
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
        made_good("local.triggers.triggers", "State"),
        not_here(_OWN_BUCKET, "EventPattern.**"),
    ),
    "AWS::StepFunctions::StateMachine": (
        made_good(
            "made by local.deploy.state_machines, run by local.emulator.state_machines",
            *("DefinitionString", "DefinitionSubstitutions.**", "RoleArn", "StateMachineType"),
            *("LoggingConfiguration.Level", "LoggingConfiguration.IncludeExecutionData"),
            "LoggingConfiguration.Destinations[].CloudWatchLogsLogGroup.LogGroupArn",
        ),
        left_out("there is no X-Ray", "TracingConfiguration.Enabled"),
        left_out(_SAM_TAGS, "Tags[].Key", "Tags[].Value"),
    ),
    "AWS::KMS::Key": (not_here(_NO_KEY, "**"),),
    **{f"AWS::EC2::{kind}": (not_here(_NO_NETWORK, "**"),) for kind in _NETWORK},
}

ATTRIBUTES: dict[str, Rule] = {
    "Type": emulated(),
    "Properties": emulated(),
    "DependsOn": emulated(),
    "Condition": emulated(),
    "Metadata": left_out("for the linter"),
    "DeletionPolicy": left_out("the stack is never deleted, it ends with its process"),
    "UpdateReplacePolicy": left_out("the stack is never updated"),
}

SECTIONS: dict[str, Rule] = {
    "AWSTemplateFormatVersion": emulated(),
    "Description": emulated(),
    "Parameters": made_good("types, defaults, allowed values and ranges: local.template.parameters"),
    "Mappings": emulated(),
    "Conditions": emulated(),
    "Resources": emulated(),
    "Outputs": emulated(),
    "Metadata": left_out("order of the questions of the AWS console"),
    "Rules": made_good("local.template.rules"),
}
