/** A phone line without a server: pages that take it call each other by name. What the server does with calls has tests of its own. */

/** The headers that an answer takes over from its request. RFC 3261 §8.2.6.2. */
const KEPT = /^(Via|From|To|Call-ID|CSeq|Contact):/i;

export const result = (value) => ({ json: { result: value } });

function answer(request, status, phrase) {
    const kept = request.split('\r\n').filter((line) => KEPT.test(line));
    const tagged = kept.map((line) => (/^To:/i.test(line) ? `${line};tag=line` : line));
    return [`SIP/2.0 ${status} ${phrase}`, ...tagged, 'Content-Length: 0', '', ''].join('\r\n');
}

export class PhoneLine {
    #pages = new Map();
    #calls = new Map();
    /** Display names of users; others are shown by their login. */
    shown = new Map([['ben', 'Ben Okafor']]);
    /** Numbers that are refused, with their status. */
    refused = new Map();
    /** First lines of what was sent, by the sender's name. */
    sent = [];
    credentials = 0;

    /** Gives a page the line as a user or a guest. */
    async give(page, name, { guest = false } = {}) {
        await page.routeWebSocket('**/sip', (socket) => this.#connect(socket, name));
        const credential = () => {
            this.credentials += 1;
            const expires_at = new Date(Date.now() + 600_000).toISOString().slice(0, 19).replace('T', ' ');
            return { user_name: name, authorization_user: 'call.1', password: 'once', domain: 'demo.owner.cordboard.internal', ws_path: '/sip', expires_at };
        };
        const applications = guest ? [{ application_name: 'demo', users: [{ user_name: name, user_display_name: name }] }] : [];
        await page.route('**/call/guest', (route) => route.fulfill(route.request().method() === 'GET' ? { json: { applications } } : result(credential())));
        if (guest) return;
        const users = ['anna', 'ben', 'menu'].map((user_name, at) => ({ user_id: at + 1, user_name, user_display_name: this.shown.get(user_name) ?? user_name }));
        const answers = {
            GetPanelSession: () => ({ account_name: 'owner', methods: ['CreateCallCredential', 'GetApplications', 'GetUsers'] }),
            GetApplications: () => [{ application_id: 1, application_name: 'demo.owner.cordboard.internal' }],
            GetUsers: () => users,
            CreateCallCredential: credential,
        };
        for (const [method, value] of Object.entries(answers)) await page.route(`**/panel/api/${method}`, (route) => route.fulfill(result(value())));
    }

    #connect(socket, name) {
        this.#pages.set(name, socket);
        socket.onMessage((message) => {
            const text = String(message);
            if (!text.trim()) return;
            const [first] = text.split('\r\n');
            this.sent.push(`${name}: ${first}`);
            const id = /^Call-ID: (.*)$/im.exec(text)?.[1];
            if (first.startsWith('REGISTER ')) return socket.send(answer(text, 200, 'OK'));
            if (first.startsWith('INVITE ') && !this.#calls.has(id)) {
                const [, to] = /^INVITE sip:([^@]*)@/.exec(first);
                const status = this.refused.get(to) ?? (this.#pages.has(to) ? undefined : 404);
                this.refused.delete(to);
                if (status) return socket.send(answer(text, status, 'Refused'));
                this.#calls.set(id, [socket, this.#pages.get(to)]);
            }
            const ends = this.#calls.get(id);
            ends?.[ends[0] === socket ? 1 : 0].send(text);
        });
    }
}

/** Keeps the connections of a page, so that what they receive can be measured. Before the page is loaded. */
export function keepConnections(page) {
    return page.addInitScript(() => {
        window.connections = [];
        window.RTCPeerConnection = class extends RTCPeerConnection {
            constructor(...settings) {
                super(...settings);
                window.connections.push(this);
            }
        };
    });
}

/** Energy of the audio that the page's latest call has received. WebRTC statistics, `totalAudioEnergy`. */
export function heard(page) {
    return page.evaluate(async () => {
        let energy = 0;
        (await window.connections.at(-1)?.getStats())?.forEach((one) => {
            if (one.type === 'inbound-rtp' && one.kind === 'audio') energy = one.totalAudioEnergy ?? 0;
        });
        return energy;
    });
}

/** The browser has no microphone, or was told to refuse it. */
export function withoutMicrophone(page, name = 'NotAllowedError') {
    return page.addInitScript((why) => {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', why));
    }, name);
}
