# VoximplantAPI without a key says what is missing.
--- scenario s
require('VoximplantAPI');
new VoximplantAPI.Client();
--- transcript
at 0 start
  log Loading scenario s
  log Uncaught Error: VoximplantAPI needs a service account: bind one to the rule (SetRuleInfo with bind_key_id)
  |     at <eval> (s:2:5)
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log JS session error
  log Session terminated
  ended JS session error
    The scenario stopped: Error: VoximplantAPI needs a service account: bind one to the rule (SetRuleInfo with bind_key_id) (s:2:5).
