# Ten calls may be unanswered and fifty attempted; beyond either a call fails with 403.
idle_ms = 600000
--- scenario s
let failed = {}, placed = 0;
const place = () => { placed += 1; VoxEngine.callPSTN('1555' + placed, '').addEventListener('Call.Failed', (e) => { failed[e.code + ' ' + e.reason] = (failed[e.code + ' ' + e.reason] || 0) + 1; }); };
for (let i = 0; i < 12; i += 1) place();
VoxEngine.addEventListener('Application.HttpRequest', (e) => { for (let i = 0; i < Number(e.content); i += 1) place(); return { placed, failed }; });
VoxEngine.addEventListener('Application.Terminating', () => Logger.write({ placed, failed }));
--- transcript
at 0 start
  log Loading scenario s
  log Executing JS command: Call with params [id = F400927857AAF64114F561BAACB37970; type = pstn; number = 15551; callerid = ; ]
  place 1 pstn 15551 by '' called ''
  log Executing JS command: Call with params [id = 8C79A1DC1476AB573216A4020764BDE5; type = pstn; number = 15552; callerid = ; ]
  place 2 pstn 15552 by '' called ''
  log Executing JS command: Call with params [id = 45C143DBB9609C22AB855D60925A9976; type = pstn; number = 15553; callerid = ; ]
  place 3 pstn 15553 by '' called ''
  log Executing JS command: Call with params [id = 03D78A3F20D154ABD8DDFA6974EEDF6B; type = pstn; number = 15554; callerid = ; ]
  place 4 pstn 15554 by '' called ''
  log Executing JS command: Call with params [id = 3784290C606B04FDC0720400C961E366; type = pstn; number = 15555; callerid = ; ]
  place 5 pstn 15555 by '' called ''
  log Executing JS command: Call with params [id = B6EA14D411FCC53DEA4F44C9BB4D7408; type = pstn; number = 15556; callerid = ; ]
  place 6 pstn 15556 by '' called ''
  log Executing JS command: Call with params [id = DE0EA89A53F1ECF3F3D0A462FB77D2BA; type = pstn; number = 15557; callerid = ; ]
  place 7 pstn 15557 by '' called ''
  log Executing JS command: Call with params [id = F5E0E5DFEFB6897BBD7460315E81182A; type = pstn; number = 15558; callerid = ; ]
  place 8 pstn 15558 by '' called ''
  log Executing JS command: Call with params [id = C2BE6756184FF1346102AA1A537271DE; type = pstn; number = 15559; callerid = ; ]
  place 9 pstn 15559 by '' called ''
  log Executing JS command: Call with params [id = B82DFDE680C1964A263E95DE9D92B637; type = pstn; number = 155510; callerid = ; ]
  place 10 pstn 155510 by '' called ''
  log Executing JS command: Call with params [id = C82FB56107FE74A0D3679F844D9B0A20; type = pstn; number = 155511; callerid = ; ]
  log Executing JS command: Call with params [id = 200B80D0DA84BBA0976FB889DAC184A4; type = pstn; number = 155512; callerid = ; ]
  log Sent event to JS Application.Started
  -- 0: an event of the session's own
  log Sent event to JS Call.Failed with params [id = C82FB56107FE74A0D3679F844D9B0A20; code = 403; reason = Call limit reached; ]
  -- 0: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 200B80D0DA84BBA0976FB889DAC184A4; code = 403; reason = Call limit reached; ]
at 5 call 1 failed 404 Not Found
  log Sent event to JS Call.Failed with params [id = F400927857AAF64114F561BAACB37970; code = 404; reason = Not Found; ]
at 5 call 2 connected
  log Sent event to JS Call.Connected with params [id = 8C79A1DC1476AB573216A4020764BDE5; sipCallId = a1b2@sip.example; sipTransport = udp; ]
at 10 request 1 POST / 3
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /; ]
  log Executing JS command: Call with params [id = 77D8B6AB9C5EC06D295A3C0E72732AEC; type = pstn; number = 155513; callerid = ; ]
  place 13 pstn 155513 by '' called ''
  log Executing JS command: Call with params [id = 502A43C73518705F3D6E16BA5399778F; type = pstn; number = 155514; callerid = ; ]
  place 14 pstn 155514 by '' called ''
  log Executing JS command: Call with params [id = E7C7DB790EEB2A0E114118F184BFA741; type = pstn; number = 155515; callerid = ; ]
  answer 1 200 json {"placed":15,"failed":{"403 Call limit reached":2,"404 Not Found":1}}
  -- 10: an event of the session's own
  log Sent event to JS Call.Failed with params [id = E7C7DB790EEB2A0E114118F184BFA741; code = 403; reason = Call limit reached; ]
at 20 call 3 failed 486 Busy Here
  log Sent event to JS Call.Failed with params [id = 45C143DBB9609C22AB855D60925A9976; code = 486; reason = Busy Here; ]
at 21 call 4 failed 486 Busy Here
  log Sent event to JS Call.Failed with params [id = 03D78A3F20D154ABD8DDFA6974EEDF6B; code = 486; reason = Busy Here; ]
at 22 call 5 failed 486 Busy Here
  log Sent event to JS Call.Failed with params [id = 3784290C606B04FDC0720400C961E366; code = 486; reason = Busy Here; ]
at 23 call 6 failed 486 Busy Here
  log Sent event to JS Call.Failed with params [id = B6EA14D411FCC53DEA4F44C9BB4D7408; code = 486; reason = Busy Here; ]
at 24 call 7 failed 486 Busy Here
  log Sent event to JS Call.Failed with params [id = DE0EA89A53F1ECF3F3D0A462FB77D2BA; code = 486; reason = Busy Here; ]
at 25 call 8 failed 486 Busy Here
  log Sent event to JS Call.Failed with params [id = F5E0E5DFEFB6897BBD7460315E81182A; code = 486; reason = Busy Here; ]
at 26 call 9 failed 486 Busy Here
  log Sent event to JS Call.Failed with params [id = C2BE6756184FF1346102AA1A537271DE; code = 486; reason = Busy Here; ]
at 27 call 10 failed 486 Busy Here
  log Sent event to JS Call.Failed with params [id = B82DFDE680C1964A263E95DE9D92B637; code = 486; reason = Busy Here; ]
at 40 request 2 POST / 10
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /; ]
  log Executing JS command: Call with params [id = 86A16687A178BF69D356E928BA53845B; type = pstn; number = 155516; callerid = ; ]
  place 16 pstn 155516 by '' called ''
  log Executing JS command: Call with params [id = 63317642E5A35F68AED00F27D2D0024C; type = pstn; number = 155517; callerid = ; ]
  place 17 pstn 155517 by '' called ''
  log Executing JS command: Call with params [id = 34B463114540E8778BE0036A398865FB; type = pstn; number = 155518; callerid = ; ]
  place 18 pstn 155518 by '' called ''
  log Executing JS command: Call with params [id = 592E44177F9D6783738930091C1C20E7; type = pstn; number = 155519; callerid = ; ]
  place 19 pstn 155519 by '' called ''
  log Executing JS command: Call with params [id = 680A7403423BF6BF40FA452AD9CF97EE; type = pstn; number = 155520; callerid = ; ]
  place 20 pstn 155520 by '' called ''
  log Executing JS command: Call with params [id = D7563244C22423AF99BCAF188D5090CA; type = pstn; number = 155521; callerid = ; ]
  place 21 pstn 155521 by '' called ''
  log Executing JS command: Call with params [id = 025B70B36023CD9BDEE33815355C21B8; type = pstn; number = 155522; callerid = ; ]
  place 22 pstn 155522 by '' called ''
  log Executing JS command: Call with params [id = A023710DA2B08D7A337E67B83B072DEF; type = pstn; number = 155523; callerid = ; ]
  place 23 pstn 155523 by '' called ''
  log Executing JS command: Call with params [id = 95A62BC243477334FDA5EC811569D570; type = pstn; number = 155524; callerid = ; ]
  log Executing JS command: Call with params [id = 206B442BEFB4762721B56628A5FCC26D; type = pstn; number = 155525; callerid = ; ]
  answer 2 200 json {"placed":25,"failed":{"403 Call limit reached":3,"404 Not Found":1,"486 Busy Here":8}}
  -- 40: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 95A62BC243477334FDA5EC811569D570; code = 403; reason = Call limit reached; ]
  -- 40: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 206B442BEFB4762721B56628A5FCC26D; code = 403; reason = Call limit reached; ]
at 50 request 3 POST / 40
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /; ]
  log Executing JS command: Call with params [id = 87386000AFEAFDC9662470CD409CDECA; type = pstn; number = 155526; callerid = ; ]
  log Executing JS command: Call with params [id = 8C1C7FCA24FCAC901C9B9B8ED0A9F4B2; type = pstn; number = 155527; callerid = ; ]
  log Executing JS command: Call with params [id = 121255173C055AEEBA2F2CC4D8BF8B75; type = pstn; number = 155528; callerid = ; ]
  log Executing JS command: Call with params [id = AB7ADF03DCD0C424EC9E773EFFA7AAE6; type = pstn; number = 155529; callerid = ; ]
  log Executing JS command: Call with params [id = F2020AC899787297FB12F9CA96D590DC; type = pstn; number = 155530; callerid = ; ]
  log Executing JS command: Call with params [id = E244D0005BDF8DB7198764C45C6737CE; type = pstn; number = 155531; callerid = ; ]
  log Executing JS command: Call with params [id = 6B7AFA69A63229C51A49897F555674FA; type = pstn; number = 155532; callerid = ; ]
  log Executing JS command: Call with params [id = 0CCA5195CCB4CE8DECA0B31CE756F203; type = pstn; number = 155533; callerid = ; ]
  log Executing JS command: Call with params [id = D50E4C3CCB41D26F08DE684DBFE2E360; type = pstn; number = 155534; callerid = ; ]
  log Executing JS command: Call with params [id = 41A31363C9E75F00C3B70AA11D3F6096; type = pstn; number = 155535; callerid = ; ]
  log Executing JS command: Call with params [id = 3F16FF512B7148A5FEB43FB89F72E031; type = pstn; number = 155536; callerid = ; ]
  log Executing JS command: Call with params [id = 86BA6CFFC56B0C495DA848442E3B5226; type = pstn; number = 155537; callerid = ; ]
  log Executing JS command: Call with params [id = 3C941E6C73D19DC6D121B3E74C5BD490; type = pstn; number = 155538; callerid = ; ]
  log Executing JS command: Call with params [id = F0481EAFE20C2B1EFF1472B623102EB9; type = pstn; number = 155539; callerid = ; ]
  log Executing JS command: Call with params [id = 7FB1A2AA2F77B1AA59EEC9FCD8E34706; type = pstn; number = 155540; callerid = ; ]
  log Executing JS command: Call with params [id = 9ACCE2C5F2F4A5C2630D0A226194FA0A; type = pstn; number = 155541; callerid = ; ]
  log Executing JS command: Call with params [id = 972E70D2D651C0AF0B343E5A3C027F3C; type = pstn; number = 155542; callerid = ; ]
  log Executing JS command: Call with params [id = A1523D10FDFDC1A27565563B2DDDC544; type = pstn; number = 155543; callerid = ; ]
  log Executing JS command: Call with params [id = 473205169A7AC62C8723024A26A4BF61; type = pstn; number = 155544; callerid = ; ]
  log Executing JS command: Call with params [id = 7785FA59473F33BCA10C6B3EADAF5FC5; type = pstn; number = 155545; callerid = ; ]
  log Executing JS command: Call with params [id = 70C2B1D5370DA9BEA42C368D05939B4D; type = pstn; number = 155546; callerid = ; ]
  log Executing JS command: Call with params [id = 7F98740FDF8683B10DCD154F814C3E2A; type = pstn; number = 155547; callerid = ; ]
  log Executing JS command: Call with params [id = E51415815E16ACB5AAD06732DAB721DB; type = pstn; number = 155548; callerid = ; ]
  log Executing JS command: Call with params [id = EF14EBDFAF1ABB913AB08EBAC67F7017; type = pstn; number = 155549; callerid = ; ]
  log Executing JS command: Call with params [id = 00D0856E15FA715036CD22D85373F8DE; type = pstn; number = 155550; callerid = ; ]
  log Executing JS command: Call with params [id = 5DE3CB6D5D7D18AE12237828D963BD61; type = pstn; number = 155551; callerid = ; ]
  log Executing JS command: Call with params [id = D0B858D775D106357CCF74BB401D0E10; type = pstn; number = 155552; callerid = ; ]
  log Executing JS command: Call with params [id = 2792EB9868EFB587A25174310EC33BB1; type = pstn; number = 155553; callerid = ; ]
  log Executing JS command: Call with params [id = 6F72F4BD9B3E19422FF59E4D83EB9168; type = pstn; number = 155554; callerid = ; ]
  log Executing JS command: Call with params [id = 51D4F65D542880578E31D7A8EEE6247C; type = pstn; number = 155555; callerid = ; ]
  log Executing JS command: Call with params [id = 4A76D4C2374AC8F2651C79400AE42669; type = pstn; number = 155556; callerid = ; ]
  log Executing JS command: Call with params [id = 014A9A21C5055C833282C0ACA6CED2F7; type = pstn; number = 155557; callerid = ; ]
  log Executing JS command: Call with params [id = A5E836C6BECE187EABCCD20311E19364; type = pstn; number = 155558; callerid = ; ]
  log Executing JS command: Call with params [id = 7EDBECC3BD07E4A19FB569543A3BAFB2; type = pstn; number = 155559; callerid = ; ]
  log Executing JS command: Call with params [id = 08252B6027E7FB0685AC8DB59039E7F3; type = pstn; number = 155560; callerid = ; ]
  log Executing JS command: Call with params [id = 1C4D97CBCA2AD0F6C192F2B047BDC4D5; type = pstn; number = 155561; callerid = ; ]
  log Executing JS command: Call with params [id = 7F49C102EC8C165A21BC232C24CD1A46; type = pstn; number = 155562; callerid = ; ]
  log Executing JS command: Call with params [id = 18AD4E22A6191B7188C04A9C8B4FBA09; type = pstn; number = 155563; callerid = ; ]
  log Executing JS command: Call with params [id = 0F32B00BA4E411A92B563A09DE809151; type = pstn; number = 155564; callerid = ; ]
  log Executing JS command: Call with params [id = 110125B474CCA2D3E2DC32630CF95B3C; type = pstn; number = 155565; callerid = ; ]
  answer 3 200 json {"placed":65,"failed":{"403 Call limit reached":5,"404 Not Found":1,"486 Busy Here":8}}
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 87386000AFEAFDC9662470CD409CDECA; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 8C1C7FCA24FCAC901C9B9B8ED0A9F4B2; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 121255173C055AEEBA2F2CC4D8BF8B75; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = AB7ADF03DCD0C424EC9E773EFFA7AAE6; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = F2020AC899787297FB12F9CA96D590DC; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = E244D0005BDF8DB7198764C45C6737CE; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 6B7AFA69A63229C51A49897F555674FA; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 0CCA5195CCB4CE8DECA0B31CE756F203; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = D50E4C3CCB41D26F08DE684DBFE2E360; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 41A31363C9E75F00C3B70AA11D3F6096; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 3F16FF512B7148A5FEB43FB89F72E031; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 86BA6CFFC56B0C495DA848442E3B5226; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 3C941E6C73D19DC6D121B3E74C5BD490; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = F0481EAFE20C2B1EFF1472B623102EB9; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 7FB1A2AA2F77B1AA59EEC9FCD8E34706; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 9ACCE2C5F2F4A5C2630D0A226194FA0A; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 972E70D2D651C0AF0B343E5A3C027F3C; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = A1523D10FDFDC1A27565563B2DDDC544; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 473205169A7AC62C8723024A26A4BF61; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 7785FA59473F33BCA10C6B3EADAF5FC5; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 70C2B1D5370DA9BEA42C368D05939B4D; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 7F98740FDF8683B10DCD154F814C3E2A; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = E51415815E16ACB5AAD06732DAB721DB; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = EF14EBDFAF1ABB913AB08EBAC67F7017; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 00D0856E15FA715036CD22D85373F8DE; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 5DE3CB6D5D7D18AE12237828D963BD61; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = D0B858D775D106357CCF74BB401D0E10; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 2792EB9868EFB587A25174310EC33BB1; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 6F72F4BD9B3E19422FF59E4D83EB9168; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 51D4F65D542880578E31D7A8EEE6247C; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 4A76D4C2374AC8F2651C79400AE42669; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 014A9A21C5055C833282C0ACA6CED2F7; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = A5E836C6BECE187EABCCD20311E19364; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 7EDBECC3BD07E4A19FB569543A3BAFB2; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 08252B6027E7FB0685AC8DB59039E7F3; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 1C4D97CBCA2AD0F6C192F2B047BDC4D5; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 7F49C102EC8C165A21BC232C24CD1A46; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 18AD4E22A6191B7188C04A9C8B4FBA09; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 0F32B00BA4E411A92B563A09DE809151; code = 403; reason = Call limit reached; ]
  -- 50: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 110125B474CCA2D3E2DC32630CF95B3C; code = 403; reason = Call limit reached; ]
at 60 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log {"placed":65,"failed":{"403 Call limit reached":45,"404 Not Found":1,"486 Busy Here":8}}
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
    call to pstn 15551 by '' after 0 s: 404 Not Found, not successful
    call to pstn 15552 by '' after 1 s: 200 Normal call clearing, successful
    call to pstn 15553 by '' after 0 s: 486 Busy Here, not successful
    call to pstn 15554 by '' after 0 s: 486 Busy Here, not successful
    call to pstn 15555 by '' after 0 s: 486 Busy Here, not successful
    call to pstn 15556 by '' after 0 s: 486 Busy Here, not successful
    call to pstn 15557 by '' after 0 s: 486 Busy Here, not successful
    call to pstn 15558 by '' after 0 s: 486 Busy Here, not successful
    call to pstn 15559 by '' after 0 s: 486 Busy Here, not successful
    call to pstn 155510 by '' after 0 s: 486 Busy Here, not successful
    call to pstn 155511 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155512 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155513 by '' after 0 s: 487 The session ended, not successful
      The session ended before the call was answered: Terminated administratively.
    call to pstn 155514 by '' after 0 s: 487 The session ended, not successful
      The session ended before the call was answered: Terminated administratively.
    call to pstn 155515 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155516 by '' after 0 s: 487 The session ended, not successful
      The session ended before the call was answered: Terminated administratively.
    call to pstn 155517 by '' after 0 s: 487 The session ended, not successful
      The session ended before the call was answered: Terminated administratively.
    call to pstn 155518 by '' after 0 s: 487 The session ended, not successful
      The session ended before the call was answered: Terminated administratively.
    call to pstn 155519 by '' after 0 s: 487 The session ended, not successful
      The session ended before the call was answered: Terminated administratively.
    call to pstn 155520 by '' after 0 s: 487 The session ended, not successful
      The session ended before the call was answered: Terminated administratively.
    call to pstn 155521 by '' after 0 s: 487 The session ended, not successful
      The session ended before the call was answered: Terminated administratively.
    call to pstn 155522 by '' after 0 s: 487 The session ended, not successful
      The session ended before the call was answered: Terminated administratively.
    call to pstn 155523 by '' after 0 s: 487 The session ended, not successful
      The session ended before the call was answered: Terminated administratively.
    call to pstn 155524 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155525 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155526 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155527 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155528 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155529 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155530 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155531 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155532 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155533 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155534 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155535 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155536 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155537 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155538 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155539 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155540 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155541 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155542 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155543 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155544 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155545 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155546 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155547 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155548 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155549 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155550 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155551 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155552 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155553 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155554 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155555 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155556 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155557 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155558 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155559 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155560 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155561 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155562 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155563 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155564 by '' after 0 s: 403 Call limit reached, not successful
    call to pstn 155565 by '' after 0 s: 403 Call limit reached, not successful
