"""The columns in which the usual platforms write consent, and their words: the one place for them.

Names compare by `names.consent_key`: letters and digits only, without regard to case. Only what a platform calls by a
name of its own is listed; what is built of usual words (``email_opt_in``, ``sms consent``) is found by `names`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from listrak_relay.domain.consent.statements import Question, Statement
from listrak_relay.domain.destinations.choices import Channel

EMAIL, SMS, BOTH = (Channel.EMAIL,), (Channel.SMS,), (Channel.EMAIL, Channel.SMS)

_YES, _NO, _NOT_ASKED = Statement.YES, Statement.NO, Statement.NOT_ASKED


@dataclass(frozen=True, slots=True)
class KnownColumns:
    """Columns of one platform that ask one question.

    ``platform``: by its usual name, for the documentation.
    ``channels``: what they are consent to.
    ``question``: what they ask.
    ``names``: as the platform spells them, parted by ``|``.
    ``words``: what they mean there, before what the same words mean anywhere, in their normal form.
    ``source``: where the platform says so.
    """

    platform: str
    channels: tuple[Channel, ...]
    question: Question
    names: str
    source: str
    words: Mapping[str, Statement] = field(default_factory=dict)


_IN, _OUT = Question.OPTED_IN, Question.OPTED_OUT
_OUT_ON, _IN_ON, _DETAIL = Question.OPTED_OUT_ON, Question.OPTED_IN_ON, Question.DETAIL

KNOWN: tuple[KnownColumns, ...] = (
    KnownColumns(
        "Shopify",
        EMAIL,
        _IN,
        "Accepts Email Marketing|Accepts Marketing|Email Marketing: Status|email_marketing_consent.state|"
        "email_marketing_state|Email Marketing Status|emailMarketingConsent.marketingState",
        "https://help.shopify.com/en/manual/customers/import-export-customers",
    ),
    KnownColumns(
        "Shopify",
        SMS,
        _IN,
        "Accepts SMS Marketing|SMS Marketing: Status|sms_marketing_consent.state|sms_marketing_state|"
        "SMS Marketing Status|smsMarketingConsent.marketingState|Accepts Text Marketing",
        "https://help.shopify.com/en/manual/customers/import-export-customers",
    ),
    KnownColumns(
        "Shopify",
        BOTH,
        _DETAIL,
        "email_marketing_consent.opt_in_level|email_marketing_consent.consent_updated_at|marketing_opt_in_level|"
        "sms_marketing_consent.opt_in_level|sms_marketing_consent.consent_updated_at|accepts_marketing_updated_at|"
        "sms_marketing_consent.consent_collected_from|Email Marketing: Level|Email Marketing: Updated At|"
        "SMS Marketing: Level|SMS Marketing: Updated At",
        "https://shopify.dev/docs/api/admin-rest/latest/resources/customer",
    ),
    KnownColumns(
        "Wix, Square, Squarespace",
        EMAIL,
        _IN,
        "Email subscriber status|Email Subscription Status|Accepts marketing|Email Subscribed Status",
        "https://support.wix.com/en/article/exporting-your-contacts",
    ),
    KnownColumns(
        "Wix, Square, Squarespace",
        SMS,
        _IN,
        "SMS subscriber status|SMS Subscription Status|Text Subscription Status",
        "https://support.wix.com/en/article/exporting-your-contacts",
    ),
    KnownColumns(
        "BigCommerce",
        EMAIL,
        _IN,
        "Receive Marketing Emails?|Receives Marketing Emails|Newsletter Subscriber|Newsletter Subscription|"
        "accepts_marketing_emails|Subscribed to Newsletter",
        "https://support.bigcommerce.com/s/article/Customer-Import-Export",
    ),
    KnownColumns(
        "Magento, Adobe Commerce",
        EMAIL,
        _IN,
        "subscriber_status|Newsletter Status|newsletter_subscriber_status",
        "https://experienceleague.adobe.com/en/docs/commerce-admin/customers/newsletters/newsletter-subscribers",
        {"1": _YES, "2": _NOT_ASKED, "3": _NO, "4": _NOT_ASKED},
    ),
    KnownColumns(
        "WooCommerce, MailPoet",
        EMAIL,
        _IN,
        "Global status|List status|mailchimp_woocommerce_is_subscribed|newsletter_opt_in|marketing_opt_in|"
        "wc_newsletter|woocommerce_newsletter_optin",
        "https://kb.mailpoet.com/article/245-export-subscribers",
    ),
    KnownColumns(
        "PrestaShop, OpenCart",
        EMAIL,
        _IN,
        "newsletter|Newsletter?|is_newsletter|newsletter_subscribed|newsletter_subscription|receives_newsletter",
        "https://devdocs.prestashop-project.org/8/webservice/resources/customers/",
    ),
    KnownColumns(
        "Klaviyo",
        EMAIL,
        _IN,
        "Email Marketing Consent|subscriptions_email_marketing_consent|subscriptions.email.marketing.consent|"
        "can_receive_email_marketing|Email Marketing Subscription Status|Can Receive Email Marketing",
        "https://help.klaviyo.com/hc/en-us/articles/115005078407",
    ),
    KnownColumns(
        "Klaviyo",
        SMS,
        _IN,
        "SMS Marketing Consent|subscriptions_sms_marketing_consent|subscriptions.sms.marketing.consent|"
        "can_receive_sms_marketing|SMS Marketing Subscription Status|Can Receive SMS Marketing",
        "https://help.klaviyo.com/hc/en-us/articles/115005078407",
    ),
    KnownColumns(
        "Klaviyo",
        EMAIL,
        Question.UNREACHABLE,
        "Email Suppressed|Suppressed|Is Suppressed|Email Suppressions|Suppression|suppression_flag|is_suppressed",
        "https://help.klaviyo.com/hc/en-us/articles/115005246108",
        # Its exports have a list of reasons.
        {"[]": Statement.NOTHING}
        | dict.fromkeys(
            ("[hard bounce]", "[invalid email]", "[spam complaint]", "[user suppressed]", "[suppressed]"), _NOT_ASKED
        ),
    ),
    KnownColumns(
        "Klaviyo",
        BOTH,
        _DETAIL,
        "Email Marketing Consent Timestamp|SMS Marketing Consent Timestamp|Consent Timestamp|$consent_timestamp|"
        "$consent_method|$consent_form_id|$consent_form_version|Initial Source",
        "https://help.klaviyo.com/hc/en-us/articles/115005078407",
    ),
    KnownColumns(
        "Mailchimp",
        EMAIL,
        _OUT_ON,
        "UNSUB_TIME",
        "https://mailchimp.com/help/view-export-contacts/",
    ),
    KnownColumns(
        "Mailchimp",
        EMAIL,
        Question.OUT_IF_FILLED,
        "UNSUB_REASON|UNSUB_CAMPAIGN_TITLE|UNSUB_CAMPAIGN_ID|UNSUB_REASON_OTHER",
        "https://mailchimp.com/help/view-export-contacts/",
    ),
    KnownColumns(
        "Mailchimp",
        EMAIL,
        Question.UNREACHABLE,
        "CLEAN_TIME|CLEAN_CAMPAIGN_TITLE|CLEAN_CAMPAIGN_ID|Cleaned",
        "https://mailchimp.com/help/view-export-contacts/",
    ),
    KnownColumns(
        # Every contact of the export of subscribed ones has come in some way; those imported have no OPTIN_TIME.
        "Mailchimp",
        EMAIL,
        _DETAIL,
        "OPTIN_TIME|OPTIN_IP|CONFIRM_TIME|CONFIRM_IP|marketing_permissions",
        "https://mailchimp.com/help/view-export-contacts/",
    ),
    KnownColumns(
        "Braze",
        EMAIL,
        _IN,
        "email_subscribe|email_subscription_state|Email Subscription State",
        "https://www.braze.com/docs/user_guide/data/user_data_collection/user_import",
    ),
    KnownColumns(
        "Braze",
        SMS,
        _IN,
        "sms_subscribe|sms_subscription_state",
        "https://www.braze.com/docs/user_guide/data/user_data_collection/user_import",
    ),
    KnownColumns(
        "Braze",
        EMAIL,
        _OUT_ON,
        "unsubscribed_from_emails_at",
        "https://www.braze.com/docs/user_guide/data/distribution/export_braze_data/segment_data_to_csv",
    ),
    KnownColumns(
        "Salesforce Marketing Cloud",
        EMAIL,
        _OUT_ON,
        "Date Unsubscribed|Unsub Date|DateUnsubscribed|Unsubscribed Date|Unsubscribe Date",
        "https://help.salesforce.com/s/articleView?id=sf.mc_es_subscriber_statuses.htm",
    ),
    KnownColumns(
        "Salesforce Marketing Cloud",
        SMS,
        _IN,
        "_OptInStatusID|OptInStatusID",
        "https://help.salesforce.com/s/articleView?id=sf.mc_mc_mobileconnect_data_views.htm",
        {"2": _YES, "1": _NOT_ASKED, "0": _NOT_ASKED},
    ),
    KnownColumns(
        "Salesforce Marketing Cloud",
        SMS,
        _OUT_ON,
        "_OptOutDate",
        "https://help.salesforce.com/s/articleView?id=sf.mc_mc_mobileconnect_data_views.htm",
    ),
    KnownColumns(
        "Salesforce",
        EMAIL,
        _OUT,
        "HasOptedOutOfEmail|Email Opt Out|Opted Out of Email|Person Has Opted Out Of Email|PersonHasOptedOutOfEmail",
        "https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/"
        "sforce_api_objects_contact.htm",
    ),
    KnownColumns(
        "Salesforce",
        SMS,
        _OUT,
        "et4ae5__HasOptedOutOfMobile__c|HasOptedOutOfMobile|HasOptedOutOfSMS|Mobile Opt Out|SMS Opt Out",
        "https://help.salesforce.com/s/articleView?id=sf.mc_co_mobile_connect.htm",
    ),
    KnownColumns(
        "Salesforce",
        BOTH,
        _IN,
        "PrivacyConsentStatus|Privacy Consent Status",
        "https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/"
        "sforce_api_objects_contactpointtypeconsent.htm",
    ),
    KnownColumns(
        "HubSpot",
        EMAIL,
        Question.OPTED_OUT_IF_SAID,
        "Unsubscribed from all email|hs_email_optout|hs_email_opt_out|Opted out of all email",
        "https://knowledge.hubspot.com/properties/hubspots-default-contact-properties",
    ),
    KnownColumns(
        "HubSpot",
        EMAIL,
        Question.UNREACHABLE,
        "Email address quarantined|hs_email_quarantined|Email hard bounce reason|hs_email_hard_bounce_reason_enum|"
        "Is globally ineligible|hs_email_bad_address|Invalid email address",
        "https://knowledge.hubspot.com/properties/hubspots-default-contact-properties",
    ),
    KnownColumns(
        "HubSpot",
        EMAIL,
        _IN,
        "Marketing contact status|hs_marketable_status",
        "https://knowledge.hubspot.com/records/marketing-contacts",
        {"true": Statement.NOTHING, "marketing contact": Statement.NOTHING, "false": _NOT_ASKED},
    ),
    KnownColumns(
        "Dynamics 365",
        EMAIL,
        _OUT,
        "donotemail|Do not allow Emails|donotbulkemail|Do not allow Bulk Emails|Do not Email",
        "https://learn.microsoft.com/en-us/power-apps/developer/data-platform/reference/entities/contact",
        {"allow": _YES, "do not allow": _NO},
    ),
    KnownColumns(
        # The column says "do not send", its label asks whether to send; the words tell which of both it is.
        "Dynamics 365",
        EMAIL,
        _OUT,
        "donotsendmm",
        "https://learn.microsoft.com/en-us/power-apps/developer/data-platform/reference/entities/contact",
        {"send": _YES, "do not send": _NO},
    ),
    KnownColumns(
        "Dynamics 365",
        EMAIL,
        _IN,
        "Send Marketing Materials",
        "https://learn.microsoft.com/en-us/power-apps/developer/data-platform/reference/entities/contact",
        {"send": _YES, "do not send": _NO},
    ),
    KnownColumns(
        "Responsys",
        EMAIL,
        _IN,
        "EMAIL_PERMISSION_STATUS_",
        "https://docs.oracle.com/en/cloud/saas/marketing/responsys-user/ProfileList_Fields.htm",
        {"i": _YES, "o": _NO},
    ),
    KnownColumns(
        "Responsys",
        SMS,
        _IN,
        "MOBILE_PERMISSION_STATUS_",
        "https://docs.oracle.com/en/cloud/saas/marketing/responsys-user/ProfileList_Fields.htm",
        {"i": _YES, "o": _NO},
    ),
    KnownColumns(
        "Responsys",
        EMAIL,
        Question.UNREACHABLE,
        "EMAIL_DELIVERABILITY_STATUS_",
        "https://docs.oracle.com/en/cloud/saas/marketing/responsys-user/ProfileList_Fields.htm",
        {"d": Statement.NOTHING, "u": _NOT_ASKED},
    ),
    KnownColumns(
        "Bloomreach",
        EMAIL,
        _IN,
        "consent_newsletter|gdpr_email|consent_email|newsletter_consent",
        "https://documentation.bloomreach.com/engagement/docs/consent-management",
        {"accept": _YES, "reject": _NO},
    ),
    KnownColumns(
        "Constant Contact",
        EMAIL,
        _IN,
        "Email Permission Status|permission_to_send|Email permission",
        "https://developer.constantcontact.com/api_guide/contacts_consent.html",
        {"active": _YES, "opted out": _NO},
    ),
    KnownColumns(
        "Attentive, Postscript, Yotpo",
        SMS,
        _IN,
        "Text Opt-in|Subscriber Status|SMS Marketing|Text Marketing|SMS Subscriber|Text Subscriber|Subscribed to SMS|"
        "Subscribed to Texts",
        "https://help.attentivemobile.com/hc/en-us/articles/360056069671",
    ),
    KnownColumns(
        "Yotpo",
        EMAIL,
        _IN,
        "Email Marketing|Subscribed to Email|subscribed_to_emails|Email Subscriber|Subscribed to emails",
        "https://support.yotpo.com/docs/exporting-your-subscribers",
    ),
    KnownColumns(
        "Brevo",
        EMAIL,
        _OUT,
        "EMAIL_BLACKLIST|EMAIL_BLOCKLISTED|Blocklisted|email_blacklisted|emailBlacklisted|Blacklisted",
        "https://help.brevo.com/hc/en-us/articles/208729889",
    ),
    KnownColumns(
        "Brevo",
        SMS,
        _OUT,
        "SMS_BLACKLIST|SMS_BLOCKLISTED|sms_blacklisted|smsBlacklisted",
        "https://help.brevo.com/hc/en-us/articles/208729889",
    ),
    KnownColumns(
        # In its exports 1 is true and 2 is false.
        "Emarsys",
        EMAIL,
        _IN,
        "Opt-In|Optin",
        "https://help.sap.com/docs/SAP_EMARSYS/f8e2fafeea804018a954a8857d9dfff3/fde0c24574c110149c2ae4dddf8bdba9.html",
        {"2": _NO},
    ),
    KnownColumns(
        "NetSuite",
        EMAIL,
        _IN,
        "Global Subscription Status",
        "https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_N2106434.html",
    ),
    KnownColumns(
        "NetSuite",
        EMAIL,
        _OUT,
        "Unsubscribe from Campaigns",
        "https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_N2106434.html",
    ),
    KnownColumns(
        "Sailthru",
        EMAIL,
        _OUT,
        "optout_email|email_optout_level",
        "https://getstarted.sailthru.com/developers/api/user/",
        {"none": _YES, "all": _NO, "basic": _NO, "blast": _NO},
    ),
    KnownColumns(
        "Omnisend, Drip, Cordial, Dotdigital, Campaign Monitor",
        EMAIL,
        _IN,
        "subscribeStatus|channels.email.subscribeStatus|email_consent_state",
        "https://support.cordial.com/hc/en-us/articles/115005693547",
        {"removed": _NO},
    ),
    KnownColumns(
        "Ometria",
        EMAIL,
        _IN,
        "marketing_optin",
        "https://support.ometria.com/hc/en-us/articles/360011511017",
    ),
    KnownColumns(
        "MailUp, Selligent, Acoustic, Emma",
        EMAIL,
        _OUT_ON,
        "OptOut_Date|OPTOUT_DT|Opted Out Date|Opt-out date|Stop Time",
        "https://help.mailup.com/display/MUG/Export+Recipients",
    ),
    KnownColumns(
        "Segment",
        EMAIL,
        _IN,
        "email_subscription_status|email_subscribed|subscriptions.email",
        "https://segment.com/docs/engage/user-subscriptions/csv-upload/",
    ),
    KnownColumns(
        "Segment",
        SMS,
        _IN,
        "sms_subscribed|phone_subscription_status",
        "https://segment.com/docs/engage/user-subscriptions/csv-upload/",
    ),
    KnownColumns(
        "Amperity",
        EMAIL,
        _IN,
        "isOptedIn|is_email_opted_in|email_opt_status|generic_email_opt_status|contactable_email|is_contactable_email|"
        "contactable_global|is_contactable_global|email_is_opted_in|emailable|is_emailable|mailable|is_mailable",
        "https://docs.amperity.com/reference/email_opt_status.html",
    ),
    KnownColumns(
        "Amperity",
        SMS,
        _IN,
        "is_sms_opted_in|sms_opt_status|generic_sms_opt_status|contactable_sms|is_contactable_sms|textable|is_textable|"
        "contactable_global|is_contactable_global",
        "https://docs.amperity.com/reference/sms_opt_status.html",
    ),
    KnownColumns(
        "Tealium, mParticle, Epsilon, Acxiom",
        EMAIL,
        _IN,
        "email_perm_flag|email_permission|email_permission_flag|EmailPermission|perm_status|td_email_consent|"
        "email_consented|consented",
        "https://docs.tealium.com/server-side/consent-management/",
    ),
    KnownColumns(
        "Epsilon, Acxiom",
        EMAIL,
        _OUT,
        "do_not_email|do_not_email_flag|dne_flag|dne|$unsubscribed|do_not_send_email|do not mail|no_email",
        "https://docs.mparticle.com/developers/server/json-reference/",
    ),
    KnownColumns(
        "MailerLite, ConvertKit, AWeber, GetResponse, beehiiv",
        EMAIL,
        _OUT_ON,
        "unsubscribed_at|Unsubscribed at|cancelled_at_newsletter|opted_out_at|opted_out_on|email_unsubscribed_at|"
        "unsubscribed_on|unsubscribe_time|email_opt_out_date",
        "https://developers.mailerlite.com/docs/subscribers.html",
    ),
    KnownColumns(
        "Postscript",
        SMS,
        _OUT_ON,
        "unsubscribed_at|opted_out_at|opted_out_on|sms_unsubscribed_at|sms_opt_out_date|unsubscribed_on",
        "https://help.postscript.io/hc/en-us/articles/1260804634489",
    ),
    KnownColumns(
        "Postscript",
        SMS,
        _IN_ON,
        "opted_in_at|opted_in_on|subscribed_at|sms_opted_in_at|sms_subscribed_at",
        "https://help.postscript.io/hc/en-us/articles/1260804634489",
    ),
    KnownColumns(
        "Braze, MailerLite",
        EMAIL,
        _IN_ON,
        "email_opted_in_at|opted_in_at|opted_in_on|subscribed_at|email_subscribed_at",
        "https://www.braze.com/docs/user_guide/data/user_data_collection/user_import",
    ),
    KnownColumns(
        "bounces, of many",
        EMAIL,
        Question.UNREACHABLE,
        "bounced_at|hard_bounced_at|is_bounced|bounced|hard_bounced|hard bounce|email_bounced|is_undeliverable|"
        "complained_at|marked_spam_at|email_marked_as_spam|email_invalid|bounce_date",
        "https://help.activecampaign.com/hc/en-us/articles/219340768",
    ),
    KnownColumns(
        # A record that its source no longer has, or had to forget: nothing it says is anybody's wish any more.
        "deleted records, of many",
        BOTH,
        Question.UNREACHABLE,
        "_fivetran_deleted|_sdc_deleted_at|_ab_cdc_deleted_at|_hoodie_is_deleted|__deleted|is_deleted|deleted_at|"
        "deleted_on|deleted_date|date_deleted|deletion_date|soft_deleted|is_soft_deleted|is_tombstone|tombstone|erased|"
        "is_erased|erased_at|gdpr_erased|gdpr_deleted|anonymized|is_anonymized|anonymized_at|anonymised|is_anonymised|"
        "anonymised_at|redacted_at|is_redacted|forgotten|is_forgotten|forgotten_at|deceased|is_deceased|deceased_flag|"
        "deceased_ind|deceased_indicator|deceased_date|deceased_at|date_of_death|death_date|ShouldForget|should_forget|"
        "right_to_be_forgotten|erasure_requested|erasure_requested_at|erasure_request_date|deletion_requested|"
        "deletion_requested_at|delete_requested|delete_requested_at|restrict_processing|processing_restricted|"
        "restricted_processing|is_processing_restricted",
        "https://fivetran.com/docs/core-concepts",
        dict.fromkeys(
            ("deleted", "erased", "anonymized", "anonymised", "redacted", "forgotten", "deceased"), _NOT_ASKED
        ),
    ),
    KnownColumns(
        # Of an update both images are there; the later one is in force.
        "changes of Delta Lake and Snowflake",
        BOTH,
        Question.UNREACHABLE,
        "_change_type|METADATA$ACTION",
        "https://docs.databricks.com/en/delta/delta-change-data-feed.html",
        dict.fromkeys(("insert", "update postimage"), Statement.NOTHING)
        | dict.fromkeys(("delete", "update preimage"), _NOT_ASKED),
    ),
)
