/** `GetPanelSession`. `account_*` is the account acted on, `home_account_*` the one signed in to. */
export interface PanelSession {
  account_id: number;
  account_name: string;
  account_email: string;
  location: string;
  home_account_id: number;
  home_account_name: string;
  subuser_id?: number;
  subuser_name?: string;
  is_owner: boolean;
  roles: string[];
  methods: string[];
  password_must_change: boolean;
  second_factor: boolean;
  panel_session_id?: number;
}

/** An answer with rows and paging. */
export interface Rows<T> {
  result: T[];
  count?: number;
  total_count?: number;
}

export interface Role {
  role_id: number;
  role_name: string;
  gui_only?: boolean;
}

export interface Key {
  key_id: string;
  key_name: string;
  description: string;
  roles?: Role[];
}

/** `GetKeyDates`. Without `last_used` the key was not used in the time that usage is kept. */
export interface KeyDates {
  key_id: string;
  created: string;
  last_used?: string;
}

/** The credentials file of the official clients. */
export interface Credentials {
  account_email: string;
  account_id: number;
  key_id: string;
  private_key: string;
}

export interface KeyUsage {
  result: { method: string; uses: number; last_used: string; basic: boolean }[];
  smallest_roles: Role[];
  days: number;
}

export interface SubUser {
  subuser_id: number;
  subuser_name: string;
  description?: string;
  roles?: Role[];
}

export interface AuthorizedIp {
  authorized_ip: string;
  allowed: boolean;
  created: string;
  description?: string;
}

export interface AccountInfo {
  account_id: number;
  account_name: string;
  account_email: string;
  account_first_name?: string;
  account_last_name?: string;
  created: string;
  language_code?: string;
  location?: string;
  active: boolean;
  frozen?: boolean;
  account_notifications?: boolean;
  send_js_error?: boolean;
  callback_url?: string;
  callback_salt?: string;
  mobile_phone?: string;
  account_custom_data?: string;
}

export interface AuditEntry {
  audit_log_id: number;
  subuser_id?: number;
  subuser_name?: string;
  account_id: number;
  requested: string;
  ip: string;
  cmd_name: string;
  cmd_args: unknown;
  cmd_result?: unknown;
}

export interface PanelSessionRow {
  panel_session_id: number;
  created: string;
  last_used: string;
  expires: string;
  ip: string;
  user_agent: string;
  subuser_name?: string;
  current: boolean;
}

export interface Found {
  kind: 'application' | 'user' | 'rule' | 'scenario' | 'key' | 'subuser' | 'account' | 'secret';
  id: number | string;
  name: string;
  application_id?: number;
  application_name?: string;
}
