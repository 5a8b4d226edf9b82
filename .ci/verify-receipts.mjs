// Verifies the receipts that ReceiptsTest left behind with the npm package jose, which shares no code with ours.
import { readFileSync } from 'node:fs';
import { createLocalJWKSet, jwtVerify } from 'jose';

const folder = process.argv[2];
const keys = createLocalJWKSet(JSON.parse(readFileSync(`${folder}/jwks.json`, 'utf8')));
const receipts = readFileSync(`${folder}/receipts.txt`, 'utf8').trim().split('\n');
const expected = { issuer: 'https://id.example.org', typ: 'signet-receipt+jwt', algorithms: ['EdDSA'] };

for (const receipt of receipts) {
    const { payload } = await jwtVerify(receipt, keys, expected);
    console.log(`${payload.sub} accepted ${payload.policy} ${payload.version} (${payload.language})`);
}
const [header, payload, signature] = receipts[0].split('.');
const forged = Buffer.from(Buffer.from(payload, 'base64url').toString().replace('"sub":"@', '"sub":"@x')).toString('base64url');
const verdict = await jwtVerify(`${header}.${forged}.${signature}`, keys, expected).then(() => 'verifies', (e) => e.code);
if (verdict !== 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED') {
    throw new Error(`a forged receipt: ${verdict}`);
}
console.log(`${receipts.length} receipts verified, a forged one refused`);
