export interface LiveSession {
  call_session_history_id: number;
  application_id: number;
  application_name: string;
  rule_id: number;
  rule_name: string;
  user_id?: number;
  start_date: string;
  duration: number;
  custom_data: string;
}

export interface CallInfo {
  call_id: number;
  start_time: string;
  duration: number;
  local_number: string;
  remote_number: string;
  remote_number_type: string;
  incoming: boolean;
  successful: boolean;
  record_url?: string;
  custom_data?: string;
  end_reason: { code: number; details: string };
}

/** `GetCallExplanations`: sentences, one a line. */
export interface CallExplanation {
  call_id: number;
  explanation?: string;
}

export interface EndedSession {
  call_session_history_id: number;
  application_id: number;
  application_name: string;
  rule_name: string;
  user_id?: number;
  start_date: string;
  duration: number;
  initiator_address: string;
  media_server_address: string;
  finish_reason?: string;
  custom_data?: string;
  calls?: CallInfo[];
  records?: { record_id: number; record_name?: string | null; record_url?: string | null; start_time: string; duration?: number | null }[];
}

export interface ApplicationRow {
  application_id: number;
  application_name: string;
}

export interface RuleRow {
  rule_id: number;
  rule_name: string;
  rule_pattern: string;
  scenarios?: { scenario_id: number; scenario_name: string }[];
}

export interface Report {
  history_report_id: number;
  history_type: string;
  created: string;
  completed?: string;
  file_name?: string;
  file_size?: number;
  store_until?: string;
  filters: string;
  calculated_data?: string;
}

/** The part of an application's full name that its owner gave it. */
export function shortName(full: string): string {
  return full.split('.')[0] || full;
}
