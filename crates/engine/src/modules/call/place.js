// Outgoing calls (voxengine.md §8).
export default (base) => {
  const { op, kind, text, optionalText, headers, stringify, Error, TypeError } = base;
  const { made, stateOfGiven } = base.use('call');
  const object = (value) => typeof value === 'object' && value !== null;

  const callerId = (value) => {
    const id = optionalText(value, 'callerid') || '';
    if (op.hasBlank(id)) throw new Error('white space in a caller id is not allowed');
    return id;
  };
  const place = (clientType, to, callerid, displayName, sentHeaders, more) => {
    const from = callerId(callerid);
    const wish = { __proto__: null, clientType, to: text(to, 'the destination'), callerid: from, displayName: optionalText(displayName, 'displayName') || '', headers: headers(sentHeaders, 'headers'), ...more };
    const id = op.call(stringify(wish));
    return made({ __proto__: null, number: id, id: op.callId(id), state: 'PROGRESSING', incoming: false, callerid: from, displayName: wish.displayName, to: wish.to, clientType, customData: '', hook: undefined });
  };
  const later = (parameters) => {
    if (parameters.amd !== undefined && parameters.amd !== null) op.later('Detection of answering machines (amd)');
    if (parameters.video) op.later('Video');
    if (parameters.followDiversion) op.later('Following diversions (followDiversion)');
  };

  return {
    __proto__: null,
    callPSTN: (to, callerid, parameters) => {
      if (object(parameters)) later(parameters);
      return place('pstn', to, callerid, object(parameters) ? undefined : parameters);
    },
    callUser: (username, callerid, displayName, extraHeaders, video) => {
      const given = object(username) ? username : { __proto__: null, username, callerid, displayName, extraHeaders, video };
      later(given);
      return place('user', given.username, given.callerid, given.displayName, given.extraHeaders);
    },
    callUserDirect: (incoming, username, parameters) => {
      stateOfGiven(incoming, 'incomingCall');
      const given = object(parameters) ? parameters : { __proto__: null };
      return place('user', username, given.callerid, given.displayName, given.extraHeaders, { __proto__: null, unavailable: 'callUserDirect' });
    },
    callSIP: (to, callerid, displayName, password, authUser, extraHeaders, video, outProxy) => {
      const given = object(callerid) ? callerid : { __proto__: null, callerid, displayName, password, authUser, headers: extraHeaders, video, outProxy };
      later(given);
      return place('sip', to, given.callerid, given.displayName, given.headers, {
        __proto__: null,
        authUser: optionalText(given.authUser, 'authUser'),
        password: optionalText(given.password, 'password'),
        outProxy: optionalText(given.outProxy, 'outProxy'),
        unavailable: given.regId === undefined || given.regId === null ? undefined : 'callSIP with a regId',
      });
    },
    callConference: (id, callerid, displayName, extraHeaders) => place('user', id, callerid, displayName, extraHeaders, { __proto__: null, unavailable: 'callConference' }),
    callWhatsappUser: (parameters) => {
      if (!object(parameters)) throw new TypeError(`the parameters must be an object, not ${kind(parameters)}`);
      return place('wab', parameters.number, parameters.callerid, undefined, parameters.headers, { __proto__: null, unavailable: 'callWhatsappUser' });
    },
  };
};
