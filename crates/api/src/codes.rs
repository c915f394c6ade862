//! The error codes of the Management API: one table, and a name for each code that this crate answers.

use serde::Serialize;

/// A stable error code as it stands in `error.code` of an answer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(transparent)]
pub struct Code(pub u16);

impl Code {
    /// The meaning of the code in one sentence, without a full stop.
    pub fn meaning(self) -> &'static str {
        TABLE.binary_search_by_key(&self.0, |row| row.0).map_or("", |at| TABLE[at].1)
    }
}

pub const UNRECOVERABLE: Code = Code(1);
pub const INTERNAL: Code = Code(2);
pub const DATABASE: Code = Code(4);
pub const AUTHENTICATION_FAILED: Code = Code(100);
pub const ARGUMENTS: Code = Code(101);
pub const COMMAND_MISSING: Code = Code(102);
pub const UNKNOWN_COMMAND: Code = Code(103);
pub const ACCESS_DENIED: Code = Code(104);
pub const OUTPUT_FORMAT: Code = Code(105);
pub const ACCOUNT_NAME_TAKEN: Code = Code(106);
pub const APPLICATION_NAME: Code = Code(107);
pub const APPLICATION_LIMIT: Code = Code(108);
pub const USER_LIMIT: Code = Code(109);
pub const DATE_FORMAT: Code = Code(111);
pub const PASSWORD_SHORT: Code = Code(112);
pub const ACCOUNT_NAME_LENGTH: Code = Code(113);
pub const ACCOUNT_NAME_FORM: Code = Code(114);
pub const ACCOUNT_ID: Code = Code(115);
pub const APPLICATION_ID: Code = Code(116);
pub const USER_ID: Code = Code(117);
pub const USER_NAME_TAKEN: Code = Code(118);
pub const USER_NAME_FORM: Code = Code(122);
pub const DATE_RANGE: Code = Code(123);
pub const BALANCE_TOO_LOW: Code = Code(127);
pub const ACCOUNT_EMAIL_TAKEN: Code = Code(128);
pub const APPLICATION_NAME_TAKEN: Code = Code(129);
pub const SCRIPT_TOO_LONG: Code = Code(130);
pub const ACCOUNT_NOT_ACTIVE: Code = Code(131);
pub const SCENARIO_ID: Code = Code(132);
pub const SCENARIO_NAME_TAKEN: Code = Code(133);
pub const REQUIRED: Code = Code(134);
pub const SESSION_EXPIRED: Code = Code(135);
pub const ACCOUNT_EMAIL: Code = Code(136);
pub const NOT_LOGGED_IN: Code = Code(137);
pub const RULE_ID: Code = Code(147);
pub const RULE_PATTERN: Code = Code(148);
pub const RULE_PATTERN_EXCLUDE: Code = Code(149);
pub const CALL_SESSION_HISTORY_ID: Code = Code(150);
pub const RULE_NAME: Code = Code(156);
pub const USER_DISPLAY_NAME: Code = Code(157);
pub const SESSION_ID: Code = Code(161);
pub const RETRY_LATER: Code = Code(162);
pub const ACCOUNT_FIRST_NAME: Code = Code(163);
pub const ACCOUNT_LAST_NAME: Code = Code(164);
pub const SCENARIO_NAME: Code = Code(168);
pub const SIP_WHITELIST_ID: Code = Code(169);
pub const SIP_WHITELIST_NETWORK: Code = Code(170);
pub const SIP_WHITELIST_FULL: Code = Code(172);
pub const ACCOUNT_NAME_FORBIDDEN: Code = Code(173);
pub const RULE_NAME_TAKEN: Code = Code(175);
pub const CHILD_ACCOUNT_ID: Code = Code(194);
pub const CHILD_ACCOUNT_NAME: Code = Code(198);
pub const CHILD_ACCOUNT_EMAIL: Code = Code(199);
pub const NEW_CHILD_ACCOUNT_EMAIL: Code = Code(201);
pub const LANGUAGE_CODE: Code = Code(202);
pub const MOBILE_PHONE: Code = Code(203);
pub const BILLING_COUNTRY_CODE: Code = Code(204);
pub const BILLING_NAME: Code = Code(205);
pub const BILLING_ADDRESS: Code = Code(206);
pub const BILLING_ZIP: Code = Code(207);
pub const BILLING_PHONE: Code = Code(208);
pub const ACCOUNT_CUSTOM_DATA: Code = Code(211);
pub const USER_CUSTOM_DATA: Code = Code(212);
pub const ACD_QUEUE_ID: Code = Code(218);
pub const SKILL_ID: Code = Code(222);
pub const EXCLUDED_SKILL_ID: Code = Code(224);
pub const ACD_STATUS: Code = Code(227);
pub const CODE: Code = Code(232);
pub const AUTHORIZED_IP: Code = Code(320);
pub const CONTAINS_IP: Code = Code(322);
pub const AUTHORIZED_IP_LIMIT: Code = Code(323);
pub const RATE_LIMIT: Code = Code(340);
pub const REFERENCE_IP: Code = Code(257);
pub const HISTORY_REPORT_ID: Code = Code(355);
pub const REPORT_NOT_FINISHED: Code = Code(356);
pub const REPORT_FAILED: Code = Code(357);
pub const HISTORY_TYPE: Code = Code(371);
pub const CALLBACK_URL: Code = Code(398);
pub const CALLBACK_SALT: Code = Code(399);
pub const ADVANCED_FILTERS: Code = Code(401);
pub const SCENARIO_LIMIT: Code = Code(418);
pub const RULE_SCENARIO_LIMIT: Code = Code(419);
pub const KEY_ID: Code = Code(433);
pub const SUBUSER_ID: Code = Code(434);
pub const ROLE_SET: Code = Code(435);
pub const SUBUSER_NAME_TAKEN: Code = Code(436);
pub const KEY_LIMIT: Code = Code(437);
pub const SUBUSER_LIMIT: Code = Code(438);
pub const SUBUSER_KEY_HOLDS_ROLE: Code = Code(439);
pub const ROLE_ID: Code = Code(440);
pub const ROLE_NAME: Code = Code(441);
pub const JWT_MALFORMED: Code = Code(447);
pub const OLD_SUBUSER_PASSWORD: Code = Code(448);
pub const SUBUSER_NAME_LENGTH: Code = Code(452);
pub const SUBUSER_NAME_FORM: Code = Code(453);
pub const JWT_LIFETIME: Code = Code(454);
pub const JWT_ISSUED_IN_FUTURE: Code = Code(455);
pub const JWT_EXPIRED: Code = Code(456);
pub const ONLY_ONE_OF: Code = Code(458);
pub const NEW_USER_NAME_FORM: Code = Code(462);
pub const CHILD_ACCOUNT_LIMIT: Code = Code(471);
pub const PASSWORD_BLANK: Code = Code(463);
pub const PASSWORD_CHARACTERS: Code = Code(464);
pub const PASSWORD_WEAK: Code = Code(523);
pub const PASSWORD_SPACES: Code = Code(524);
pub const PASSWORD_USED_BEFORE: Code = Code(535);
pub const AUTHORIZED_IPS_OF_PARENT: Code = Code(536);
pub const EMAIL_NEEDS_PASSWORD: Code = Code(537);
pub const APPLICATION_NOT_FOUND: Code = Code(558);
pub const DATE_RANGE_TOO_LONG: Code = Code(569);

/// Every code with its meaning, ascending.
#[rustfmt::skip]
pub const TABLE: &[(u16, &str)] = &[
    (1, "Unrecoverable server failure"),
    (2, "Unexpected internal failure"),
    (4, "Database failure"),
    (5, "Billing subsystem failed"),
    (6, "Server could not produce a unique API key"),
    (9, "Activation e-mail could not be sent"),
    (10, "Server could not produce a unique session id"),
    (12, "func_name has a bad value"),
    (13, "Server configuration table problem"),
    (14, "SMS gateway problem"),
    (15, "Media server problem"),
    (16, "Media balancer problem"),
    (17, "Payment point failed"),
    (18, "Caller ID verification server problem"),
    (19, "ACD service failed"),
    (20, "Phone number provider failed"),
    (21, "Call service failed"),
    (22, "Conference balancer problem"),
    (23, "Conference server problem"),
    (100, "Authentication or authorization was rejected"),
    (101, "Arguments are not acceptable (generic)"),
    (102, "No command given: cmd is missing"),
    (103, "No such command"),
    (104, "Command exists but the caller may not use it"),
    (105, "Requested output format is not available here"),
    (106, "Account name already taken"),
    (107, "Application name has a bad form"),
    (108, "Account has reached its application limit"),
    (109, "Account has reached its user limit (1000 users per account by default)"),
    (110, "Plan is not valid"),
    (111, "Date text does not match the expected format"),
    (112, "Password shorter than 6 characters"),
    (113, "Account name must be 5 to 20 characters"),
    (114, "Account name must begin with a letter; only latin letters, digits, hyphen"),
    (115, "Bad value for parameter account_id"),
    (116, "Bad value for parameter application_id"),
    (117, "Bad value for parameter user_id"),
    (118, "User name already taken"),
    (121, "Phone number is not valid"),
    (122, "User name breaks the naming rule (letter or digit first; latin letters, digits, hyphen; minimum length)"),
    (123, "From/to dates do not form a valid range"),
    (125, "Money amount is not valid"),
    (127, "Balance too low"),
    (128, "E-mail already used by another account"),
    (129, "Application name already taken"),
    (130, "Scenario text too long"),
    (131, "Account not activated yet"),
    (132, "Bad value for parameter scenario_id"),
    (133, "Scenario name already taken"),
    (134, "A mandatory parameter is empty or absent"),
    (135, "Session expired"),
    (136, "E-mail address is not valid"),
    (137, "Account is not logged in"),
    (139, "Activation for this phone number is over"),
    (140, "Too many SMS code attempts"),
    (141, "Bad value for parameter sms_code"),
    (142, "Nothing to activate"),
    (147, "Bad value for parameter rule_id"),
    (148, "Bad value for parameter rule_pattern"),
    (149, "Bad value for parameter rule_pattern_exclude"),
    (150, "Bad value for parameter call_session_history_id"),
    (151, "Payment request declined"),
    (152, "No bank card on file"),
    (153, "Card payment must exceed 10 USD"),
    (154, "min_balance must exceed 1 USD"),
    (155, "card_overrun_value must exceed 10 USD"),
    (156, "Bad value for parameter rule_name"),
    (157, "Bad value for parameter user_display_name"),
    (158, "Bad value for parameter card_holder"),
    (159, "Bad value for parameter acct"),
    (160, "Bad value for parameter cvv"),
    (161, "Bad value for parameter session_id"),
    (162, "Temporary refusal, retry later"),
    (163, "account_first_name must be shorter than 50"),
    (164, "account_last_name must be shorter than 50"),
    (165, "Too many SMS sendings"),
    (166, "Wait 3 minutes before sending the SMS again"),
    (167, "Bad value for parameter activation_method"),
    (168, "Bad value for parameter scenario_name"),
    (169, "Bad value for parameter sip_whitelist_id"),
    (170, "Bad value for parameter sip_whitelist_network"),
    (171, "min_balance must be below 50 USD"),
    (172, "SIP white list is full"),
    (173, "Account name is on the forbidden list"),
    (175, "rule_name already taken"),
    (177, "Bad value for parameter parent_account_id"),
    (180, "Bad value for parameter excluded_user_id"),
    (181, "Bad value for parameter phone_id"),
    (182, "Phone number already in use"),
    (183, "Bad value for parameter callerid_id"),
    (184, "Bad value for parameter callerid_number"),
    (185, "Caller ID may not be used"),
    (188, "callerid_number already taken"),
    (190, "Bad value for parameter to_number"),
    (191, "Bad value for parameter from_number"),
    (192, "Bad value for parameter sms_id"),
    (194, "Bad value for parameter child_account_id"),
    (195, "Command cannot be used in a batch"),
    (196, "Batch holds more than 50 commands"),
    (197, "Bad value for parameter transaction_id"),
    (198, "Bad value for parameter child_account_name"),
    (199, "Bad value for parameter child_account_email"),
    (201, "Bad value for parameter new_child_account_email"),
    (202, "Bad value for parameter language_code"),
    (203, "Bad value for parameter mobile_phone"),
    (204, "Bad value for parameter billing_address_country_code"),
    (205, "billing_address_name must be shorter than 200"),
    (206, "billing_address_address must be shorter than 512"),
    (207, "billing_address_zip must be shorter than 30"),
    (208, "billing_address_phone must be shorter than 30"),
    (209, "Bad value for parameter transaction_type"),
    (210, "Bad value for parameter currency"),
    (211, "account_custom_data must be shorter than 8192"),
    (212, "user_custom_data must be shorter than 8192"),
    (213, "acd_queue_name must be shorter than 100"),
    (214, "service_probability outside 0.5..1"),
    (215, "Bad value for parameter max_queue_size"),
    (216, "Bad value for parameter max_waiting_time"),
    (217, "Bad value for parameter average_service_time"),
    (218, "Bad value for parameter acd_queue_id"),
    (219, "Queue name already taken"),
    (220, "skill_name must be shorter than 512"),
    (221, "Skill name already taken"),
    (222, "Bad value for parameter skill_id"),
    (223, "acd_queue_priority must be positive"),
    (224, "Bad value for parameter excluded_skill_id"),
    (225, "Bad value for parameter amount"),
    (226, "Payment below the minimum N"),
    (227, "Bad value for parameter acd_status"),
    (228, "Bad value for parameter aggregation"),
    (229, "Bad value for parameter report"),
    (230, "Account password cannot be changed now, retry later"),
    (231, "No code attempts left"),
    (232, "Bad value for parameter code"),
    (233, "Bad value for parameter date"),
    (234, "account_transaction_description must be shorter than 120"),
    (235, "user_transaction_description must be shorter than 120"),
    (236, "parent_transaction_description must be shorter than 120"),
    (237, "child_transaction_description must be shorter than 120"),
    (239, "Bad value for parameter country_code"),
    (240, "Bad value for parameter phone_category_name"),
    (241, "Bad value for parameter phone_region_id"),
    (242, "Bad value for parameter country_state"),
    (243, "Bad value for parameter phone_count"),
    (244, "Bad value for parameter subscription_template_id"),
    (245, "Bad value for parameter subscription_template_name"),
    (246, "Bad value for parameter subscription_template_type"),
    (247, "Bad value for parameter priority"),
    (248, "Bad value for parameter max_simultaneous"),
    (249, "Bad value for parameter num_attempts"),
    (250, "CSV file cannot be parsed or accepted"),
    (251, "Call list service refused or failed (also: unknown list_id)"),
    (252, "Call list service answered with an error"),
    (253, "Bad value for parameter name"),
    (254, "Bad value for parameter group"),
    (255, "Bad value for parameter list_id"),
    (257, "Bad value for parameter reference_ip"),
    (258, "Bad value for parameter to_phone_next_renewal"),
    (259, "Bad value for parameter media_url"),
    (260, "Media link may not be accessed"),
    (261, "Bad value for parameter record_id"),
    (262, "Bad value for parameter PaRes"),
    (263, "Bad value for parameter MD"),
    (264, "Bad value for parameter private"),
    (265, "Bad value for parameter promo_code"),
    (266, "Promo code expired"),
    (267, "Promo code already redeemed"),
    (268, "A second promo code is not allowed"),
    (269, "Bad value for parameter conference_name"),
    (270, "conference_name must be shorter than 50"),
    (271, "At most 4 service level thresholds"),
    (272, "SIP registration limit reached"),
    (273, "Bad value for parameter username"),
    (274, "Bad value for parameter proxy"),
    (275, "Bad value for parameter registration_id"),
    (278, "Bad value for parameter account_document"),
    (280, "Wait 2 minutes before sending the account document again"),
    (281, "Account must be verified first"),
    (282, "Account verification still running"),
    (283, "Bad value for parameter to_purchase_date"),
    (284, "Bad value for parameter admin_user_id"),
    (285, "Bad value for parameter required_admin_user_id"),
    (286, "Bad value for parameter required_admin_user_name"),
    (287, "Admin user name must be shorter than 50"),
    (288, "admin_user_display_name must be shorter than 255"),
    (289, "Admin user limit reached"),
    (290, "admin_user_name already taken"),
    (291, "Bad value for parameter admin_role_id"),
    (292, "Bad value for parameter admin_role_name"),
    (293, "Admin role name must be shorter than 160"),
    (294, "admin_role_name already taken"),
    (295, "Admin role limit reached"),
    (296, "Bad value for parameter allowed_entries"),
    (297, "Bad value for parameter denied_entries"),
    (300, "Bad value for parameter like_admin_role_id"),
    (301, "Bad value for parameter included_admin_role_id"),
    (302, "Bad value for parameter excluded_admin_role_id"),
    (303, "payment_reference matches more than one payment"),
    (304, "payment_reference must be shorter than 127"),
    (305, "Bad value for parameter inn"),
    (306, "Bad value for parameter kpp"),
    (307, "company_name must be shorter than 512"),
    (308, "company_address must be shorter than 512"),
    (309, "company_phone must be shorter than 20"),
    (310, "Contractor can only be changed by support"),
    (311, "Contractor data has to be set first"),
    (314, "Concurrent resource limit reached"),
    (315, "Requested resource parameter is bad"),
    (316, "Requested resource parameter is not allowed"),
    (317, "Only a paid account may use this resource parameter"),
    (318, "Money amount below N RUR"),
    (319, "Bad value for parameter old_invoice_number"),
    (320, "Bad value for parameter authorized_ip"),
    (321, "Authorized IP entry not found"),
    (322, "Bad value for parameter contains_ip"),
    (323, "Authorized IP list is full"),
    (324, "Bad value for parameter verification_name"),
    (325, "Bad value for parameter to_unverified_hold_until"),
    (326, "Bad value for parameter verification_status"),
    (327, "XLS file cannot be parsed"),
    (331, "No numbers in stock"),
    (332, "Only N numbers in stock"),
    (334, "Country region with this code not found"),
    (335, "Phone number already present"),
    (336, "Region is ambiguous"),
    (337, "User documents not found"),
    (338, "This user document is verified already"),
    (339, "No user documents exist"),
    (340, "Rate limit hit"),
    (341, "Record with this id not found"),
    (343, "Bad value for parameter individual_full_name"),
    (344, "Bad value for parameter individual_birth_date"),
    (345, "Bad value for parameter individual_passport_series"),
    (346, "Bad value for parameter individual_passport_number"),
    (347, "Bad value for parameter individual_passport_issue_date"),
    (348, "Bad value for parameter individual_passport_issued_by"),
    (349, "Bad value for parameter individual_registration_address"),
    (350, "Bad value for parameter legal_entry_full_name"),
    (351, "Bad value for parameter legal_entry_phone"),
    (352, "Bad value for parameter legal_entry_address"),
    (353, "Bad value for parameter legal_entry_actual_address"),
    (354, "Bad value for parameter ogrn"),
    (355, "Bad value for parameter call_history_report_id"),
    (356, "History report not finished yet"),
    (357, "History report failed to build"),
    (358, "Verification type is not valid"),
    (359, "Salutation is not valid"),
    (360, "Provider verification type not found"),
    (361, "Proof of address not found"),
    (362, "Bad value for parameter new_admin_user_name"),
    (363, "code (access token) is not valid"),
    (364, "Current account password not given"),
    (365, "Purchase data not found"),
    (366, "Address validation is pending"),
    (367, "Bad value for parameter callback_type"),
    (368, "Phone provider error"),
    (369, "Bad value for parameter phone_owner_region_code"),
    (370, "Owner region code or zip code is wrong"),
    (371, "Bad value for parameter history_type"),
    (373, "PSTN blacklist is full"),
    (374, "Bad value for parameter carrier_id"),
    (375, "Rule has no scenario bound"),
    (376, "Bad value for parameter subscription_id"),
    (377, "Phone group incomplete"),
    (378, "Bad value for parameter push_id"),
    (379, "Plan change not allowed"),
    (380, "Push provider is not valid"),
    (381, "Queue is not bound to an application"),
    (382, "Bad value for parameter server_type"),
    (383, "Bad value for parameter server_ip"),
    (384, "Push credential already attached to an application"),
    (385, "SMS could not be sent"),
    (386, "SMS is switched off for this number"),
    (389, "No bank card order"),
    (390, "Card payment above N"),
    (391, "Card payment limit reached"),
    (392, "Captcha required"),
    (393, "User does not belong to the application"),
    (394, "SIP registration is persistent (operation needs a non-persistent one)"),
    (395, "That phone number is your own rented number"),
    (396, "Bad value for parameter record_storage_id"),
    (397, "Daily limit of new child accounts reached"),
    (398, "Bad value for parameter callback_url"),
    (399, "callback_salt must be shorter than 40"),
    (400, "Bad value for parameter pstn_blacklist_id"),
    (401, "Bad value for parameter advanced_filters"),
    (405, "Bad value for parameter contact_id"),
    (406, "Bad value for parameter contact_data"),
    (407, "Contact already exists"),
    (408, "Contact data must be 1..1024 characters"),
    (409, "Bad value for parameter contact_type"),
    (410, "Bad value for parameter notification_group"),
    (411, "Contact limit reached"),
    (412, "Bad value for parameter new_contact_data"),
    (413, "Bad value for parameter new_contact_type"),
    (414, "verification_code has a bad value"),
    (415, "Contact verified already"),
    (416, "Retry after N seconds"),
    (417, "Contact description must be 1..1024 characters"),
    (418, "Scenario limit reached"),
    (419, "Too many scenarios on one rule"),
    (420, "Multi-number subscription not found"),
    (421, "Multi-number subscription not found for these numbers"),
    (422, "Bad value for parameter source"),
    (423, "Bad value for parameter destination"),
    (424, "Regulation address does not fit the region"),
    (425, "pstn_blacklist_phone must be shorter than 100"),
    (426, "Bad value for parameter plan_type"),
    (427, "List type must be automatic or manual"),
    (428, "Status must be in progress, canceled or completed"),
    (429, "Bad value for parameter resource_type"),
    (430, "Bad value for parameter price_group_name"),
    (433, "Unknown key id"),
    (434, "Unknown subuser id"),
    (435, "Set of roles is not acceptable"),
    (436, "Subuser login already taken"),
    (437, "Key limit reached"),
    (438, "Subuser limit reached"),
    (439, "A key of the subuser still holds one of these roles"),
    (440, "Bad value for parameter role_id"),
    (441, "Bad value for parameter role_name"),
    (442, "Bad value for parameter resource_discount_id"),
    (443, "Bad value for parameter subscription_discount_id"),
    (444, "target_price_calculation_account_id not allowed for this user"),
    (445, "subscription_periodic_fixed must exceed the base price"),
    (446, "subscription_installation_fixed must exceed the base price"),
    (447, "JWT is malformed"),
    (448, "Current subuser password not given"),
    (449, "role_id and role_name given together"),
    (450, "Bad value for parameter mgp_template_id"),
    (451, "Account and MGP tax rates must match"),
    (452, "Subuser name must be 5..20 characters"),
    (453, "Subuser name must begin with a letter, latin characters only"),
    (454, "JWT lifetime too long (more than the maximum)"),
    (455, "JWT iat lies in the future"),
    (456, "JWT expired"),
    (457, "Bad value for parameter min_payment_amount"),
    (458, "Only one of the listed parameters may be given"),
    (459, "Report type unknown"),
    (460, "per_time has a bad value"),
    (461, "Bad value for parameter resource id"),
    (462, "New user name breaks the naming rule"),
    (463, "Blank password; at least 8 characters needed"),
    (464, "Password lacks required characters (8+ characters, upper case, ...)"),
    (465, "Bad value for parameter dialogflow_key_id"),
    (466, "billing_address_state too long"),
    (467, "Previous contractor has a debt"),
    (468, "Contractor locked until the previous period closes"),
    (470, "direction accepts IN/OUT only"),
    (471, "Account does not support child accounts, no templates"),
    (472, "Agreement arguments missing"),
    (473, "Document status does not allow this operation"),
    (474, "Bad value for parameter document_id"),
    (475, "Bad value for parameter individual_phone_number"),
    (476, "Bad value for parameter legal_status"),
    (477, "Parameter longer than N symbols"),
    (478, "Bad value for parameter proxy_passport_series"),
    (479, "Bad value for parameter proxy_passport_number"),
    (480, "Taxpayer number cannot be changed"),
    (481, "Bad value for parameter agreement"),
    (482, "MIME type not accepted"),
    (483, "E-mail in the agreement is not valid"),
    (484, "Request looks like an automatic resend, retry later"),
    (485, "Named parameter must be given"),
    (486, "Bad value for parameter bik"),
    (487, "Bad value for parameter expense_account"),
    (488, "Bad value for parameter correspondent_account"),
    (489, "Contractor cannot change inside a closed period"),
    (490, "Chosen contractor not found"),
    (491, "Named parameter too low"),
    (492, "Named parameter may not be used"),
    (493, "Value of the named parameter already taken"),
    (494, "SmartQueue limit per application reached"),
    (495, "Skill limit per application reached"),
    (496, "Named parameter has a bad value"),
    (497, "Named parameter outside its range"),
    (498, "An agent may hold at most 5 skills"),
    (499, "Named parameter too long"),
    (500, "partner_code too long"),
    (501, "File not found"),
    (506, "No route for some dst_numbers"),
    (507, "Bad value for parameter src_number"),
    (508, "Bad value for parameter text"),
    (509, "A2P SMS switched off for this number"),
    (511, "Registration not finished"),
    (512, "Too many changes of the named parameter"),
    (513, "E-mail could not be sent"),
    (514, "Account creation already running"),
    (515, "Same operation was done just now, wait"),
    (516, "A payment is running"),
    (517, "Passport fields too short together"),
    (518, "Certificate is not VoIP while provider is VoIP"),
    (519, "Certificate is VoIP while provider is not VoIP"),
    (520, "Certificate expired"),
    (521, "Certificate not valid yet"),
    (522, "Certificate is not for production mode"),
    (523, "Password too weak"),
    (524, "Password contains spaces"),
    (525, "These reports cannot be grouped by user"),
    (526, "These reports cannot be grouped by queue"),
    (527, "Requests over VPN not allowed"),
    (528, "SMS not supported"),
    (529, "Numbers of this category cannot be listed"),
    (530, "Numbers of this category cannot be bought by number"),
    (531, "No regulation address needed for this category"),
    (532, "Regulation address needs no more documents"),
    (533, "Cards from outside Russia not accepted"),
    (534, "No e-mail for receipts"),
    (535, "Password was used before"),
    (536, "Authorized IPs are managed by the parent account"),
    (537, "E-mail change needs password authentication"),
    (538, "Onboarding running"),
    (539, "No onboarding running"),
    (540, "Subscription of this type already attached"),
    (541, "Countable subscription must be active"),
    (542, "Bad value for parameter number_status"),
    (543, "Billing address is wrong"),
    (544, "custom_record_storage_id has a bad value"),
    (545, "host has a bad value"),
    (546, "Application ids are not valid"),
    (547, "A test phone number exists already"),
    (548, "No test phone number"),
    (549, "Test phone number verified already"),
    (550, "No attempts left to enter the test number code"),
    (551, "Request a verification code first"),
    (552, "Verification code is wrong"),
    (553, "No verification attempts left for this test number"),
    (554, "Daily verification call limit reached"),
    (555, "Bad value for parameter verification_code"),
    (556, "At most 10 e-mail addresses"),
    (557, "Report not found"),
    (558, "Application not found"),
    (559, "Custom status name already used"),
    (560, "E-mail needed for a receipt"),
    (561, "Currency does not fit the storage region"),
    (562, "Not possible for custom record storages"),
    (563, "Agent bound to too many queues"),
    (564, "price has a bad value"),
    (565, "MGP setting exists already"),
    (566, "MGP setting not found"),
    (567, "Account MGP exists already"),
    (568, "Account MGP not found"),
    (569, "Date range longer than N days"),
    (570, "Caller ID verified already, extend later"),
    (571, "MGP template not found"),
    (572, "Address not found"),
    (573, "User has no separate balance, no transfer"),
    (574, "Provider rejected the documents"),
    (575, "Provider needs more or other fields"),
    (576, "Chosen number cannot be bought"),
    (577, "Provider refused the number request"),
    (578, "Provider temporarily unavailable"),
    (579, "Provider rejected the address"),
    (580, "Number purchase failed at the provider"),
    (581, "Provider has no numbers for this request"),
    (583, "A valid mobile number is needed"),
    (584, "A personal number is needed, not a rented one"),
];
