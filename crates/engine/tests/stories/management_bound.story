# VoximplantAPI with a key: names in both directions, lists, dates, many calls at once.
may_manage = true
--- scenario s
require('VoximplantAPI');
const client = new VoximplantAPI.Client();
Logger.write(Object.getOwnPropertyNames(client).join());
client.Users.addUser({ userName: 'x', userDisplayName: 'X ü', userActive: true, parentAccounting: false, applicationId: 34, skip: undefined, nothing: null, list: [1, 'two'], fromDate: new Date(Date.UTC(2026, 0, 2, 3, 4, 5)) })
  .then((r) => Logger.write(JSON.stringify(r)));
client.Accounts.getAccountInfo().then((r) => Logger.write(JSON.stringify(r)));
client.Users.getUsers({ fromDate: new Date(NaN) }).catch((error) => Logger.write(`${error}`));
client.Users.getUsers({ count: Symbol('s') }).catch((error) => Logger.write(`${error}`));
client.Users.getUsers('text').catch((error) => Logger.write(`${error}`));
let refused = 0;
for (let i = 0; i < 49; i += 1) client.Users.getUsers({ offset: i }).catch((error) => { refused += 1; Logger.write(`${error}`); });
--- transcript
at 0 start
  log Loading scenario s
  log Accounts,Scenarios,Users
  manage 1 AddUser
    parameter user_name: x
    parameter user_display_name: X ü
    parameter user_active: true
    parameter parent_accounting: false
    parameter application_id: 34
    parameter list: 1;two
    parameter from_date: 2026-01-02 03:04:05
  manage 2 GetAccountInfo
  manage 3 GetUsers
    parameter offset: 0
  manage 4 GetUsers
    parameter offset: 1
  manage 5 GetUsers
    parameter offset: 2
  manage 6 GetUsers
    parameter offset: 3
  manage 7 GetUsers
    parameter offset: 4
  manage 8 GetUsers
    parameter offset: 5
  manage 9 GetUsers
    parameter offset: 6
  manage 10 GetUsers
    parameter offset: 7
  manage 11 GetUsers
    parameter offset: 8
  manage 12 GetUsers
    parameter offset: 9
  manage 13 GetUsers
    parameter offset: 10
  manage 14 GetUsers
    parameter offset: 11
  manage 15 GetUsers
    parameter offset: 12
  manage 16 GetUsers
    parameter offset: 13
  manage 17 GetUsers
    parameter offset: 14
  manage 18 GetUsers
    parameter offset: 15
  manage 19 GetUsers
    parameter offset: 16
  manage 20 GetUsers
    parameter offset: 17
  manage 21 GetUsers
    parameter offset: 18
  manage 22 GetUsers
    parameter offset: 19
  manage 23 GetUsers
    parameter offset: 20
  manage 24 GetUsers
    parameter offset: 21
  manage 25 GetUsers
    parameter offset: 22
  manage 26 GetUsers
    parameter offset: 23
  manage 27 GetUsers
    parameter offset: 24
  manage 28 GetUsers
    parameter offset: 25
  manage 29 GetUsers
    parameter offset: 26
  manage 30 GetUsers
    parameter offset: 27
  manage 31 GetUsers
    parameter offset: 28
  manage 32 GetUsers
    parameter offset: 29
  manage 33 GetUsers
    parameter offset: 30
  manage 34 GetUsers
    parameter offset: 31
  manage 35 GetUsers
    parameter offset: 32
  manage 36 GetUsers
    parameter offset: 33
  manage 37 GetUsers
    parameter offset: 34
  manage 38 GetUsers
    parameter offset: 35
  manage 39 GetUsers
    parameter offset: 36
  manage 40 GetUsers
    parameter offset: 37
  manage 41 GetUsers
    parameter offset: 38
  manage 42 GetUsers
    parameter offset: 39
  manage 43 GetUsers
    parameter offset: 40
  manage 44 GetUsers
    parameter offset: 41
  manage 45 GetUsers
    parameter offset: 42
  manage 46 GetUsers
    parameter offset: 43
  manage 47 GetUsers
    parameter offset: 44
  manage 48 GetUsers
    parameter offset: 45
  manage 49 GetUsers
    parameter offset: 46
  manage 50 GetUsers
    parameter offset: 47
  log Error: a Date of the request is invalid
  log TypeError: count must be a string, number, boolean, Date or list, not a symbol
  log TypeError: the request must be an object, not a string
  log Error: at most 50 storage operations and API calls may be under way
  log Sent event to JS Application.Started
at 10 managed 1 {"result":1,"user_id":77,"user_name":"x"}
  log {"result":1,"userId":77,"userName":"x"}
at 20 managed 2 {"error":{"code":100,"msg":"Authorization failed."}}
  log {"error":{"code":100,"msg":"Authorization failed."}}
at 23 managed 3 {"result":[]}
at 24 managed 4 {"result":[]}
at 25 managed 5 {"result":[]}
at 26 managed 6 {"result":[]}
at 27 managed 7 {"result":[]}
at 28 managed 8 {"result":[]}
at 29 managed 9 {"result":[]}
at 30 managed 10 {"result":[]}
at 31 managed 11 {"result":[]}
at 32 managed 12 {"result":[]}
at 33 managed 13 {"result":[]}
at 34 managed 14 {"result":[]}
at 35 managed 15 {"result":[]}
at 36 managed 16 {"result":[]}
at 37 managed 17 {"result":[]}
at 38 managed 18 {"result":[]}
at 39 managed 19 {"result":[]}
at 40 managed 20 {"result":[]}
at 41 managed 21 {"result":[]}
at 42 managed 22 {"result":[]}
at 43 managed 23 {"result":[]}
at 44 managed 24 {"result":[]}
at 45 managed 25 {"result":[]}
at 46 managed 26 {"result":[]}
at 47 managed 27 {"result":[]}
at 48 managed 28 {"result":[]}
at 49 managed 29 {"result":[]}
at 50 managed 30 {"result":[]}
at 51 managed 31 {"result":[]}
at 52 managed 32 {"result":[]}
at 53 managed 33 {"result":[]}
at 54 managed 34 {"result":[]}
at 55 managed 35 {"result":[]}
at 56 managed 36 {"result":[]}
at 57 managed 37 {"result":[]}
at 58 managed 38 {"result":[]}
at 59 managed 39 {"result":[]}
at 60 managed 40 {"result":[]}
at 61 managed 41 {"result":[]}
at 62 managed 42 {"result":[]}
at 63 managed 43 {"result":[]}
at 64 managed 44 {"result":[]}
at 65 managed 45 {"result":[]}
at 66 managed 46 {"result":[]}
at 67 managed 47 {"result":[]}
at 68 managed 48 {"result":[]}
at 69 managed 49 {"result":[]}
at 70 managed 50 {"result":[]}
at 71 managed 51 {"result":[]}
at 72 managed 52 {"result":[]}
at 100 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
