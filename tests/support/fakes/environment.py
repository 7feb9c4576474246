"""The environment of every function at once: what the template gives each of them and has no default."""

ENVIRONMENT = {
    "WORK_BUCKET": "work",
    "LEDGER_TABLE": "ledger",
    "EMAIL_QUEUE_URL": "https://queue/email",
    "EMAIL_DEAD_LETTER_QUEUE_URL": "https://queue/email-dead",
    "SMS_QUEUE_URL": "https://queue/sms",
    "SMS_DEAD_LETTER_QUEUE_URL": "https://queue/sms-dead",
    "IMPORT_QUEUE_URL": "https://queue/import",
    "IMPORT_DEAD_LETTER_QUEUE_URL": "https://queue/import-dead",
    "FEED_QUEUE_URL": "https://queue/feed",
    "FEED_DEAD_LETTER_QUEUE_URL": "https://queue/feed-dead",
    "LISTRAK_SFTP_SECRET": "relay/listrak-sftp",
    "CLOSE_QUEUE_URL": "https://queue/close",
    "OPT_OUT_KEY_SECRET": "relay/opt-out-key",
    "LISTRAK_EMAIL_SECRET": "relay/listrak-email",
    "LISTRAK_SMS_SECRET": "relay/listrak-sms",
    "RANGES_STATE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:ranges",
    "POWERTOOLS_SERVICE_NAME": "listrak-relay",
    "TOPIC_ARN": "arn:aws:sns:us-east-1:123456789012:notices",
}
