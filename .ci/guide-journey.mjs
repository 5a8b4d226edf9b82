// Two friends and somebody who is invited find each other as with Element: by matrix-js-sdk, which it is made of, a Synapse, and
// the server that the guide set up. All are strangers to our code.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { AutoDiscovery, createClient, SERVICE_TYPES } from 'matrix-js-sdk';
import { logger } from 'matrix-js-sdk/lib/logger.js';

const domain = process.argv[2];
const mails = process.argv[3];
logger.setLevel('error');

function expect(what, condition, seen) {
    if (!condition) {
        throw new Error(`${what}: ${JSON.stringify(seen)}`);
    }
    console.log(`ok  ${what}`);
}

async function until(what, look) {
    for (let i = 0; i < 60; i++) {
        const seen = await look();
        if (seen) {
            return seen;
        }
        await pause(500);
    }
    throw new Error(`${what}: not within half a minute`);
}

const letters = (to) => readdirSync(mails).filter((name) => name.endsWith('.eml')).sort()
    .map((name) => readFileSync(`${mails}/${name}`, 'utf8')).filter((mail) => mail.startsWith(`To: ${to}\r\n`));

/** Returns the text of a mail, without the line breaks of quoted-printable. */
const text = (mail) => mail.replaceAll('=\r\n', '').replaceAll('=3D', '=');

/** Opens the link in a mail to an address, after so many that it got before, and presses the first button there. */
async function confirm(address, seen) {
    const mail = await until(`the mail to ${address}`, () => letters(address)[seen]);
    const link = /https:\/\/\S+submitToken\S+/.exec(text(mail));
    if (!link) {
        throw new Error(`there is no link in: ${mail}`);
    }
    const page = await (await fetch(link[0].replaceAll('&amp;', '&'))).text();
    const form = /<form method="post" action="([^"]+)">([\s\S]*?)<\/form>/.exec(page);
    const fields = [...form[2].matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]);
    const answer = await fetch(new URL(form[1], link[0]), { method: 'POST', body: new URLSearchParams(fields) });
    if (answer.status !== 200) {
        throw new Error(`confirming was answered with ${answer.status}: ${await answer.text()}`);
    }
}

const config = await AutoDiscovery.findClientConfig(domain);
const identityServer = config['m.identity_server'];
expect('a client finds the identity server by the domain alone', identityServer.state === AutoDiscovery.SUCCESS, config);
const homeserver = config['m.homeserver'].base_url;

class User {
    constructor(name) {
        this.name = name;
        this.address = `${name}@mail.example`;
        this.password = `a long password of ${name}`;
    }

    async join() {
        const registration = await createClient({ baseUrl: homeserver })
            .registerRequest({ username: this.name, password: this.password, auth: { type: 'm.login.dummy' } });
        this.client = createClient({
            baseUrl: homeserver,
            idBaseUrl: identityServer.base_url,
            accessToken: registration.access_token,
            userId: registration.user_id,
            identityServer: { getAccessToken: async () => this.token },
        });
        const { token } = await this.client.registerWithIdentityServer(await this.client.getOpenIdToken());
        this.token = token;
        const refused = await this.client.getIdentityHashDetails(token).then(() => 'nothing', (e) => e.errcode);
        const { policies } = await this.client.getTerms(SERVICE_TYPES.IS, identityServer.base_url);
        const urls = Object.values(policies).map((policy) => policy.en.url);
        for (const url of urls) {
            expect(`the policy can be read at ${url}`, (await fetch(url)).status === 200, url);
        }
        await this.client.agreeToTerms(SERVICE_TYPES.IS, identityServer.base_url, token, urls);
        const account = await this.client.getIdentityAccount(token);
        expect(`${this.name} has an account, of use after the terms`,
            refused === 'M_TERMS_NOT_SIGNED' && account.user_id === registration.user_id, { refused, account });
    }

    async prove(seen = 0) {
        const secret = this.client.generateClientSecret();
        const { sid } = await this.client.requestEmailToken(this.address, secret, 1, undefined, this.token);
        await confirm(this.address, seen);
        await this.client.bindThreePid({
            sid, client_secret: secret, id_server: new URL(identityServer.base_url).host, id_access_token: this.token,
        });
    }

    async finds(address) {
        return (await this.client.lookupThreePid('email', address, this.token)).mxid;
    }

    /** Returns what news there are of a room: `invite`, or nothing. */
    async membership(room) {
        const since = this.batch ? `&since=${this.batch}` : '';
        const sync = await (await fetch(`${homeserver}/_matrix/client/v3/sync?timeout=500${since}`,
            { headers: { Authorization: `Bearer ${this.client.getAccessToken()}` } })).json();
        this.batch = sync.next_batch;
        return Object.keys(sync.rooms ?? {}).find((kind) => room in sync.rooms[kind]);
    }
}

const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((name) => new User(name));
await alice.join();
await bob.join();
expect('nobody is found before they say so', await bob.finds(alice.address) === undefined);
await alice.prove();
expect('Bob finds Alice, whose homeserver bound her address', await bob.finds(alice.address) === alice.client.getUserId());

const { room_id: room } = await bob.client.createRoom({});
await bob.client.inviteByThreePid(room, 'email', alice.address);
expect('Bob invites Alice by her address', await until('the invitation', () => alice.membership(room)) === 'invite');

await bob.client.inviteByThreePid(room, 'email', carol.address);
const invitation = await until('the mail that invites Carol', () => letters(carol.address)[0]);
expect('Carol, whom nobody knows, is invited by mail', text(invitation).includes('https://'), invitation);
await carol.join();
await carol.prove(1);
expect('and is in the room as soon as her address is hers', await until('the invitation', () => carol.membership(room)) === 'invite');

await alice.client.unbindThreePid('email', alice.address);
expect('Alice is not found any more when her homeserver unbinds', await bob.finds(alice.address) === undefined);

const user = { type: 'm.id.user', user: 'carol' };
const outcome = await carol.client.deactivateAccount({ type: 'm.login.password', identifier: user, password: carol.password });
expect('nor Carol when she leaves her homeserver', outcome.id_server_unbind_result === 'success'
    && await bob.finds(carol.address) === undefined, outcome);
