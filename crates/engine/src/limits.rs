//! Limits of a session. Those of the hosted service are in voxengine.md §6; the others bound what it leaves open.

/// JavaScript memory. §6.
pub const MEMORY_BYTES: usize = 16 * 1024 * 1024;

/// What JavaScript is given beyond that to end by, once the brake was pulled.
pub const LAST_BYTES: usize = 1024 * 1024;

/// JavaScript's memory at the first collection of cycles, bytes. A session that waits for its call has 220 of QuickJS's own 256 KiB, so
/// that most sessions would collect once for nothing.
pub const FIRST_COLLECTION_BYTES: usize = 512 * 1024;

/// Stack of running JavaScript. Threads that run sessions need some room above it.
pub const STACK_BYTES: usize = 512 * 1024;

/// Stack that a thread needs which runs sessions.
pub const THREAD_STACK_BYTES: usize = 4 * 1024 * 1024;

/// Active timers. §6.
pub const TIMERS: usize = 100;

/// `setInterval` is not faster. §6.
pub const INTERVAL_MS: u64 = 100;

/// HTTP requests under way. §6.
pub const HTTP_ACTIVE: usize = 3;

/// HTTP requests under way or waiting. §6.
pub const HTTP_ALL: usize = 35;

/// Seconds for a whole HTTP request. §6.
pub const HTTP_SECONDS: f64 = 90.0;

/// Seconds for an HTTP connection. §6.
pub const HTTP_CONNECT_SECONDS: f64 = 6.0;

/// Body of an outgoing HTTP request.
pub const HTTP_BODY_BYTES: usize = 4 * 1024 * 1024;

/// Bodies of the outgoing HTTP requests that wait, in all.
pub const HTTP_WAITING_BYTES: usize = 16 * 1024 * 1024;

/// A URL with its query, of HTTP requests and WebSockets.
pub const URL_BYTES: usize = 64 * 1024;

/// Headers of an HTTP request or a WebSocket, in all.
pub const HEADERS_BYTES: usize = 32 * 1024;

/// Mails under way. §6.
pub const MAIL_ACTIVE: usize = 2;

/// Mails under way or waiting. §6.
pub const MAIL_ALL: usize = 10;

/// Storage operations or Management API calls under way.
pub const LOOKUPS: usize = 50;

/// One line of the log, characters. §6.
pub const LOG_LINE_CHARACTERS: usize = 15_000;

/// What a history's explanation quotes of an error, characters, and as many of its place.
pub const BRIEF_CHARACTERS: usize = 1_000;

/// The whole log of a session.
pub const LOG_BYTES: usize = 16 * 1024 * 1024;

/// Key, value or pattern of a storage operation; the storage's own limits are far below and are its own errors.
pub const STORED_BYTES: usize = 64 * 1024;

/// Parameters of a Management API call, in all.
pub const MANAGE_BYTES: usize = 1024 * 1024;

/// Number, user name or caller id of a call.
pub const DESTINATION_BYTES: usize = 4 * 1024;

/// A session's or call's custom data, bytes; rows of call lists exceed the documented 200 (§27).
pub const CUSTOM_DATA_BYTES: usize = 64 * 1024;

/// Listeners of one event of one object.
pub const LISTENERS: usize = 1_000;

/// Outgoing WebSockets that are open or opening.
pub const SOCKETS_OUT: usize = 10;

/// Incoming WebSockets beyond the number of calls. §6.
pub const SOCKETS_IN: usize = 3;

/// One message of a WebSocket.
pub const SOCKET_MESSAGE_BYTES: usize = 1024 * 1024;

/// Messages that one turn sends over WebSockets, bytes in all.
pub const SOCKET_TURN_BYTES: usize = 8 * 1024 * 1024;

/// Requests to the control URL whose answers a session owes.
pub const OWED_ANSWERS: usize = 1_000;

/// Answers of one turn at the control URL, bytes in all.
pub const ANSWER_TURN_BYTES: usize = 8 * 1024 * 1024;

/// Body of an answer at the control URL.
pub const ANSWER_BYTES: usize = 4 * 1024 * 1024;

/// Call attempts of a session. §6.
pub const CALLS: usize = 50;

/// Calls that are not answered yet. §6.
pub const CALLS_UNANSWERED: usize = 10;

/// Calls that a session may go on to ask for when all of them fail for the limit; beyond it a call is an error.
pub const CALLS_REFUSED: usize = 500;

/// Media players of a session, but for those that calls say and play with. §6.
pub const PLAYERS: usize = 10;

/// Markers of a player.
pub const MARKERS: usize = 100;

/// Characters that are spoken at once. §6.
pub const SAY_CHARACTERS: usize = 1_500;

/// A ToneScript; media takes no longer one.
pub const TONE_SCRIPT_BYTES: usize = 500;

/// Name of a voice.
pub const VOICE_BYTES: usize = 256;

/// Body of the request with which a player fetches its file.
pub const PLAYER_BODY_BYTES: usize = 64 * 1024;

/// A message of a call, or the body of an INFO or a re-INVITE. §6.
pub const CALL_MESSAGE_BYTES: usize = 8_192;

/// Digits that are sent at once.
pub const DIGITS: usize = 100;

/// One SIP header field that a scenario writes. §6.
pub const SIP_HEADER_BYTES: usize = 200;

/// The SIP headers that a scenario writes for one message, in all. §6.
pub const SIP_HEADERS_BYTES: usize = 4_095;

/// What one turn does to calls and players, bytes in all.
pub const CALL_TURN_BYTES: usize = 2 * 1024 * 1024;

/// What each such thing counts for beside its own bytes.
pub const CALL_ACTION_BYTES: usize = 256;

/// Events of calls and players that wait for a turn of their own.
pub const SOON: usize = 1_000;

/// Different things that the log says once each: what is not available, and what of an argument is no use.
pub const MENTIONS: usize = 100;

/// Each of them, characters.
pub const MENTION_CHARACTERS: usize = 2_000;

/// Promise jobs of one turn; beyond it the turn is taken for endless even if it is quick.
pub const JOBS_PER_TURN: usize = 5_000_000;

/// How long open requests are waited for after `terminate`, milliseconds. §5.
pub const DRAIN_MS: u64 = 90_000;

/// A session without calls ends after this, milliseconds, unless the profile says otherwise. §6.
pub const IDLE_MS: u64 = 60_000;

/// Bytes or characters that one of the helper functions converts at once; a list of numbers takes 16 bytes for each.
pub const HELPER_BYTES: usize = 256 * 1024;

/// Text that is hashed at once, bytes.
pub const HASH_BYTES: usize = 1024 * 1024;

/// Each text whose Levenshtein distance is asked for, characters: four million comparisons at most.
pub const DISTANCE_CHARACTERS: usize = 2_000;

/// A telephone number as it is written, characters, as in libphonenumber.
pub const PHONE_NUMBER_CHARACTERS: usize = 250;
