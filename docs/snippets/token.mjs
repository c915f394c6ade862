// Prints a token for the service account in credentials.json.
import { sign } from 'node:crypto';
import { readFileSync } from 'node:fs';

const credentials = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

const now = Math.floor(Date.now() / 1000);
const header = { alg: 'RS256', typ: 'JWT', kid: credentials.key_id };
const claims = { iss: credentials.account_id, iat: now, exp: now + 3600 };
const signed = `${base64url(header)}.${base64url(claims)}`;
const signature = sign('sha256', Buffer.from(signed), credentials.private_key).toString('base64url');
console.log(`${signed}.${signature}`);
