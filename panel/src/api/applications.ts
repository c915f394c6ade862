/** `GetApplications`. */
export interface Application {
  application_id: number;
  /** In full, `name.account.domain`. */
  application_name: string;
  modified: string;
  secure_record_storage: boolean;
  rules?: Rule[];
}

/** `GetRules`: in the order in which they are tried. */
export interface Rule {
  rule_id: number;
  application_id: number;
  rule_name: string;
  rule_pattern: string;
  rule_pattern_exclude?: string;
  video_conference: boolean;
  /** In the order in which they run. */
  scenarios: Scenario[];
  modified: string;
}

/** `GetScenarios`; the text comes only for one scenario alone. */
export interface Scenario {
  scenario_id: number;
  scenario_name: string;
  scenario_script?: string;
  modified: string;
}

/** `CheckRules`. */
export interface Verdict {
  rule_id: number;
  verdict: 'chosen' | 'matches' | 'excluded' | 'no_match';
  why: string;
}

/** `GetScenarioVersions`, newest first; `GetScenarioVersion` has the text, too. */
export interface ScenarioVersion {
  version: number;
  saved: string;
  saved_by: string;
  characters: number;
  current: boolean;
  scenario_script?: string;
}

/** `GetUsers`. */
export interface User {
  user_id: number;
  user_name: string;
  user_display_name: string;
  user_active: boolean;
  parent_accounting: boolean;
  balance: number;
  user_custom_data?: string;
  mobile_phone?: string;
  acd_status: string;
  created: string;
  modified: string;
}

/** `GetSecrets`. */
export interface Secret {
  secret_id: number;
  secret_name: string;
  description?: string;
  created: string;
  modified: string;
}

/** `GetKeyValueKeys`, and with the value `GetKeyValueItem`. */
export interface StoredItem {
  key: string;
  value?: string;
  /** Unix seconds. */
  expires_at: number;
}

/** What stands before the first dot of an application's full name. */
export function shortName(application: Application): string {
  return application.application_name.split('.')[0] ?? application.application_name;
}
