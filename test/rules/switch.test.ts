// SPDX-License-Identifier: Apache-2.0
// The switch to the minimal or FIPS equivalent: where it is offered, what it writes, and where it is not and why.
import assert from 'node:assert/strict';
import { applyPreferredFixes } from '../../src/core/lint/fix.ts';
import type { Finding, Fix } from '../../src/core/model/finding.ts';
import { applyEdits } from '../../src/core/text/edit.ts';
import { handMade } from '../support/cases.ts';
import { lintText, underPolicy } from '../support/linting.ts';

const RULES = new Set(['WB1001', 'WB1002', 'WB1007']);

async function found(text: string, policy = ''): Promise<readonly Finding[]> {
  const { findings } = lintText(text, await underPolicy(policy));
  return findings.filter(({ ruleId }) => RULES.has(ruleId));
}

const switches = (findings: readonly Finding[]): readonly Fix[] =>
  findings.flatMap(({ fixes = [] }) => fixes.filter(({ title }) => title.startsWith('Switch to ')));
const reasons = (findings: readonly Finding[]): readonly string[] =>
  findings.flatMap(({ related = [] }) =>
    related.map(({ message }) => message).filter((message) => message.startsWith('Why no fix switches to ')),
  );

/** Those for which no image is recorded that could be named. */
const NOTHING_TO_NAME = new Set(['no switch: Oracle Linux 8 has modules of FIPS 140-2 only']);

describe('switch to the equivalent', () => {
  const offered = handMade().filter(({ name }) => name.startsWith('switch: '));
  const refused = handMade().filter(({ name }) => name.startsWith('no switch: '));

  it('has a dozen files and more on either side', () => {
    assert.ok(offered.length >= 12, String(offered.length));
    assert.ok(refused.length >= 12, String(refused.length));
  });

  for (const { name, text, policy } of offered) {
    it(`is offered once, with what changes, never as the preferred one: ${name}`, async () => {
      const findings = await found(text, policy);
      const [fix, ...others] = switches(findings);
      assert.ok(fix !== undefined && others.length === 0);
      assert.equal(fix.preferred, undefined);
      assert.ok((fix.caveat ?? '').length > 5, fix.caveat);
      // All but the tag and the name is left: the lines, their ends, comments, flags and blanks.
      const after = applyEdits(text, fix.edits);
      assert.equal(after.split('\n').length, text.split('\n').length);
      const changed = text.split('\n').filter((line, i) => line !== after.split('\n')[i]);
      assert.equal(changed.length, 1, after);
      // The fixes of the command line leave it alone.
      const { applied } = applyPreferredFixes(text, findings);
      assert.deepEqual(switches([{ ...findings[0], fixes: applied } as Finding]), []);
      // Nothing more of the kind is left, and no reason against it either.
      assert.deepEqual(switches(await found(after, policy)), []);
    });
  }

  for (const { name, text, policy } of refused) {
    it(`is not offered, and says why: ${name}`, async () => {
      const findings = await found(text, policy);
      assert.deepEqual(switches(findings), []);
      assert.equal(reasons(findings).length > 0, !NOTHING_TO_NAME.has(name), JSON.stringify(findings));
    });
  }

  describe('writes', () => {
    const STATIC = 'FROM golang:1.27 AS b\nRUN CGO_ENABLED=0 go build -o /a\n';
    const USE = 'COPY --from=b /a /a\nUSER 1000\nENTRYPOINT ["/a"]\n';
    for (const [what, before, after] of [
      [
        'the name and the tag',
        `${STATIC}FROM debian:13\n${USE}`,
        `${STATIC}FROM gcr.io/distroless/static-debian13:latest\n${USE}`,
      ],
      [
        'the value of an ARG, in its quotes',
        `ARG BASE='debian:trixie-slim'\n${STATIC}FROM $BASE AS run\n${USE}`,
        `ARG BASE='gcr.io/distroless/static-debian13:latest'\n${STATIC}FROM $BASE AS run\n${USE}`,
      ],
      [
        'the value of an ARG that holds the tag, where nothing of it stays',
        `ARG TAG=13\n${STATIC}FROM debian:\${TAG}\n${USE}`,
        `ARG TAG=latest\n${STATIC}FROM gcr.io/distroless/static-debian13:\${TAG}\n${USE}`,
      ],
      [
        'behind the variable of a tag',
        'ARG V=10.0\nFROM  mcr.microsoft.com/dotnet/aspnet:${V}   AS  x\nCMD ["dotnet", "a.dll"]\n',
        'ARG V=10.0\nFROM  mcr.microsoft.com/dotnet/aspnet:${V}-noble-chiseled-extra   AS  x\nCMD ["dotnet", "a.dll"]\n',
      ],
      [
        'less than there was',
        'ARG V=24\nFROM dhi.io/node:${V}-dev\nCMD ["node", "/a.js"]\n',
        'ARG V=24\nFROM dhi.io/node:${V}\nCMD ["node", "/a.js"]\n',
      ],
    ] as const) {
      it(what, async () => {
        const [fix] = switches(await found(before));
        assert.ok(fix !== undefined);
        assert.equal(applyEdits(before, fix.edits), after);
      });
    }
  });

  describe('is decided by what the stage asks for', () => {
    const NODE = 'FROM node:24-slim\nWORKDIR /app\nCOPY . .\n';
    const RUN = 'CMD ["node", "a.js"]\n';
    const GO = 'FROM golang:1.27 AS b\nRUN CGO_ENABLED=0 go build -o /a\nFROM debian:13\nCOPY --from=b /a /a\n';
    const START = 'ENTRYPOINT ["/a"]\n';
    const NET =
      'FROM mcr.microsoft.com/dotnet/sdk:10.0 AS b\nRUN dotnet publish -o /app\nFROM mcr.microsoft.com/dotnet/aspnet:10.0\n';
    const cases: readonly (readonly [what: string, text: string, why: RegExp | null])[] = [
      ['RUN in shell form', `${NODE}RUN ls\n${RUN}`, /: RUN needs a shell\.$/],
      ['RUN of a program', `${NODE}RUN ["node", "b.js"]\n${RUN}`, /what RUN starts need not be in dhi\.io/],
      ['ENTRYPOINT in shell form', `${NODE}ENTRYPOINT node a.js\n`, /ENTRYPOINT in shell form needs a shell/],
      ['HEALTHCHECK NONE', `${NODE}HEALTHCHECK NONE\n${RUN}`, null],
      ['a check by a program that is there', `${NODE}HEALTHCHECK CMD ["node", "h.js"]\n${RUN}`, null],
      [
        'a check by one that is not',
        `${NODE}HEALTHCHECK CMD ["curl", "-f", "http://localhost"]\n${RUN}`,
        /HEALTHCHECK starts curl, which need not be in/,
      ],
      ['a volume and a user', `${NODE}USER node\nVOLUME /data\n${RUN}`, null],
      ['a volume and no user', `${NODE}VOLUME /data\n${RUN}`, /volume belongs to root/],
      ['a volume where the user stays', `${GO}VOLUME /data\n${START}`, null],
      ['a low port and a user', `${NODE}EXPOSE 443/tcp\nUSER node\n${RUN}`, null],
      [
        'a low port and no user',
        `${NODE}EXPOSE 3000 443/tcp\n${RUN}`,
        /port 443\/tcp may need root, and it would run as node/,
      ],
      ['the first port that root needs not', `${NODE}EXPOSE 1024\n${RUN}`, null],
      ['the last that it does', `${NODE}EXPOSE 1023\n${RUN}`, /port 1023 may need root/],
      ['a port of a variable', `${NODE}EXPOSE $PORT\n${RUN}`, /port \$PORT may need root/],
      ['a low port where the user stays', `${GO}EXPOSE 80\n${START}`, null],
      ['a user by number', `${NODE}USER "1000:1000"\n${RUN}`, null],
      ['root by name', `${NODE}USER root\n${RUN}`, null],
      ['a user of both', `${NODE}USER node:node\n${RUN}`, null],
      ['a group of one', `${NODE}USER node:staff\n${RUN}`, /the user staff is not known to be in dhi\.io/],
      [
        'an owner of one',
        `FROM node:24-slim\nWORKDIR /app\nCOPY --chown=www-data . .\n${RUN}`,
        /the user www-data is not known/,
      ],
      ['an owner by number', `FROM node:24-slim\nWORKDIR /app\nCOPY --chown=33:33 . .\n${RUN}`, null],
      ['no working folder, absolute paths', `FROM node:24-slim\nCOPY . /srv\nCMD ["node", "/srv/a.js"]\n`, null],
      [
        'a working folder below another',
        `FROM node:24-slim\nWORKDIR app\nCOPY . .\n${RUN}`,
        /the working folder of dhi\.io\/node:24-debian13 is another/,
      ],
      ['a label that looks like one', `FROM node:24-slim\nLABEL /app=x\nCOPY . .\n${RUN}`, /the working folder/],
      ['a working folder in quotes', `FROM node:24-slim\nWORKDIR "/app"\nCOPY . .\n${RUN}`, null],
      ['a working folder that stays', `${NET}COPY --from=b app .\nCMD ["dotnet", "a.dll"]\n`, null],
      [
        'an image that is copied from',
        `${NODE}COPY --from=busybox:1.37 /bin/busybox /b\n${RUN}`,
        /what is copied from busybox:1\.37 may need more/,
      ],
      [
        'a stage on nothing',
        `FROM scratch AS s\nADD a.tar /\n${NODE}COPY --from=s /a /a\n${RUN}`,
        /what is copied from s may need more/,
      ],
      [
        'static programs for what has a libc',
        `FROM golang:1.27 AS b\nRUN CGO_ENABLED=0 go build -o /a\n${NODE}COPY --from=b /a /a\n${RUN}`,
        /what is copied from b may need more/,
      ],
      [
        'the same image as the builder',
        `FROM node:24-slim AS b\nRUN npm ci\n${NODE}COPY --from=b /app/node_modules node_modules\n${RUN}`,
        null,
      ],
      [
        'a mirror of it as the builder',
        `FROM public.ecr.aws/docker/library/node:24 AS b\nRUN npm ci\n${NODE}COPY --from=b /app/node_modules node_modules\n${RUN}`,
        null,
      ],
      [
        'a builder through another stage',
        `FROM node:24 AS deps\nRUN npm ci\nFROM deps AS b\nRUN npm run build\n${NODE}COPY --from=b /app/dist dist\n${RUN}`,
        null,
      ],
      [
        'packages that the stage below installs',
        `FROM node:24 AS deps\nRUN apt-get install -y libpq-dev\nFROM deps AS b\nRUN npm ci\n${NODE}COPY --from=b /app/dist dist\n${RUN}`,
        /b installs packages that/,
      ],
      [
        'packages of a stage that nothing comes from',
        `FROM node:24 AS other\nRUN apt-get install -y x\nFROM node:24 AS b\nRUN npm ci\n${NODE}COPY --from=b /app/dist dist\n${RUN}`,
        null,
      ],
      [
        'a program of the system',
        `${NET}COPY --from=b /app /app\nENTRYPOINT ["/usr/bin/env", "dotnet"]\n`,
        /ENTRYPOINT starts \/usr\/bin\/env, which need not be in/,
      ],
      ['env in front of a program that is there', `${NODE}CMD ["env", "A=1", "node", "a.js"]\n`, /CMD starts env/],
      ['tini in front of it', `${NODE}ENTRYPOINT ["tini", "--", "node", "a.js"]\n`, /ENTRYPOINT starts tini/],
      ['a program of its own', `${NET}WORKDIR /app\nCOPY --from=b /app .\nENTRYPOINT ["./shop"]\n`, null],
      [
        'a script of its own',
        `${NET}COPY --from=b /app /app\nENTRYPOINT ["/app/run.sh"]\n`,
        /ENTRYPOINT starts \/app\/run\.sh/,
      ],
      [
        'a program of the context',
        `${NET}COPY --from=b /app /app\nCOPY run /app/\nENTRYPOINT ["/app/run"]\n`,
        /whether \/app\/run needs a shell is not known/,
      ],
      [
        'a program of the context under another name',
        `${NET}COPY --from=b /app /app\nCOPY run.txt /app/run\nENTRYPOINT ["/app/run"]\n`,
        /whether \/app\/run needs a shell is not known/,
      ],
      [
        'a folder of the context beside it',
        `${NET}COPY --from=b /app /app\nCOPY . /srv/\nENTRYPOINT ["/app/run"]\n`,
        null,
      ],
      [
        'a folder of the context over it',
        `${NET}COPY --from=b /app /app\nCOPY etc /\nENTRYPOINT ["/app/run"]\n`,
        /whether \/app\/run needs a shell is not known/,
      ],
      [
        'a folder of the context, somewhere',
        `${NET}COPY --from=b /app /app\nCOPY . .\nENTRYPOINT ["/app/run"]\n`,
        /whether \/app\/run needs a shell is not known/,
      ],
      [
        'a program that nothing brings',
        `${NET}ENTRYPOINT ["/app/shop"]\n`,
        /whether \/app\/shop needs a shell is not known/,
      ],
      ['CMD that an ENTRYPOINT takes', `${NODE}ENTRYPOINT ["node"]\nCMD ["a.js"]\n`, null],
      ['ENTRYPOINT before CMD', `${NODE}ENTRYPOINT ["npm"]\nCMD ["node"]\n`, /ENTRYPOINT starts npm/],
      [
        'the start of the stage below',
        `FROM node:24-slim AS base\nWORKDIR /app\nCMD ["npm", "start"]\nFROM base\nCOPY . .\n`,
        /CMD starts npm/,
      ],
      ['no start', NODE, /what the container starts is not said/],
      [
        'an argument to the entrypoint',
        'FROM cgr.dev/chainguard/python:latest-dev\nCOPY . /\nCMD ["-m", "app"]\n',
        null,
      ],
      [
        'a command where an argument is expected',
        'FROM cgr.dev/chainguard/python:latest-dev\nCOPY . /\nCMD ["sh"]\n',
        /CMD starts sh/,
      ],
      [
        'another entrypoint, and one that is there',
        'FROM cgr.dev/chainguard/python:latest-dev\nCOPY . /\nENTRYPOINT ["python3"]\nCMD ["a.py"]\n',
        null,
      ],
      ['a file that is no argument without an entrypoint', `${NODE}CMD ["a.js"]\n`, /CMD starts a\.js/],
      [
        'a file for Windows',
        '# escape=`\nFROM mcr.microsoft.com/dotnet/aspnet:10.0\nCMD ["dotnet", "a.dll"]\n',
        /the file is written for Windows/,
      ],
      [
        'a platform of Windows',
        'FROM --platform=windows/amd64 mcr.microsoft.com/dotnet/aspnet:10.0\nCMD ["dotnet", "a.dll"]\n',
        /that it is published for windows\/amd64 is not recorded/,
      ],
      [
        'a builder of Windows',
        `${NET.replace('sdk:10.0', 'sdk:10.0-nanoserver-ltsc2025')}COPY --from=b /app /app\nCMD ["dotnet", "a.dll"]\n`,
        /what is copied from b may need more/,
      ],
      [
        'a platform that is published',
        `FROM --platform=linux/arm64 node:24-slim\nWORKDIR /app\nCOPY . .\n${RUN}`,
        null,
      ],
      [
        'a builder that another stage of it uses',
        `FROM node:24-slim AS base\nWORKDIR /app\nFROM base AS test\nRUN npm test\nFROM base\nCOPY . .\n${RUN}`,
        /RUN needs a shell/,
      ],
      ['a make beside go', `${GO.replace('RUN ', 'RUN make gen && ')}${START}`, /what is copied from b may need more/],
      [
        'another stage that builds with cgo',
        `FROM golang:1.27 AS c\nRUN gcc x.c && go build -o /c\n${GO}${START}`,
        null,
      ],
      ['a command in a stage that is no step of it', `${GO.replace('RUN ', 'CMD ["make"]\nRUN ')}${START}`, null],
      [
        'go install',
        `FROM golang:1.27 AS b\nENV CGO_ENABLED=0\nRUN go install ./...\nFROM debian:13\nCOPY --from=b /go/bin/a /a\n${START}`,
        null,
      ],
      [
        'no build at all',
        `FROM golang:1.27 AS b\nENV CGO_ENABLED=0\nRUN go vet ./...\nFROM debian:13\nCOPY --from=b /a /a\n${START}`,
        /what is copied from b may need more/,
      ],
      [
        'all of the builder',
        `${GO.replace('--from=b /a /a', '--from=b / /')}${START}`,
        /what is copied from b may need more/,
      ],
      [
        'a relative path of the builder',
        `${GO.replace('--from=b /a /a', '--from=b out/a /a')}${START}`,
        /what is copied from b may need more/,
      ],
      [
        'a library of the builder',
        `${GO.replace('--from=b /a /a', '--from=b /a /lib64/x.so /')}${START}`,
        /what is copied from b may need more/,
      ],
    ];
    for (const [what, text, why] of cases) {
      it(`${what}: ${why === null ? 'offered' : 'not offered'}`, async () => {
        const findings = await found(text);
        assert.equal(switches(findings).length, why === null ? 1 : 0, JSON.stringify(reasons(findings)));
        if (why !== null) assert.match(reasons(findings).join('\n'), why);
        else assert.deepEqual(reasons(findings), []);
      });
    }
  });

  describe('says what changes', () => {
    for (const [text, caveat] of [
      [
        'FROM node:24-slim\nCOPY . /a\nCMD ["node", "/a/b.js"]\n',
        'without shell, package manager and npm; runs as node, and files stay owned by root; pull needs docker login dhi.io',
      ],
      [
        'FROM node:24-slim\nCOPY . /a\nUSER 1000\nCMD ["node", "/a/b.js"]\n',
        'without shell, package manager and npm; pull needs docker login dhi.io',
      ],
      ['FROM cgr.dev/chainguard/python:latest-dev\nCMD ["a.py"]\n', 'without shell and package manager'],
    ] as const) {
      it(caveat, async () => assert.equal(switches(await found(text))[0]?.caveat, caveat));
    }
  });

  it('is not offered where the builder refuses the file, and by no row on no tag', async () => {
    const text = 'FROM node:24-slim\nCOPY . /a\nCMD ["node", "/a/b.js"]\n';
    assert.equal(switches(await found(text)).length, 1);
    assert.deepEqual(switches(await found(`${text}NOPE\n`)), []);
  });

  it('goes by the organisation: what its policy names is not gone past', async () => {
    const text = 'FROM mcr.microsoft.com/dotnet/aspnet:10.0\nCMD ["dotnet", "/a.dll"]\n';
    assert.equal(switches(await found(text)).length, 1);
    const policy =
      'catalogue:\n  - {image: mcr.microsoft.com/dotnet/aspnet, minimal: registry.example.com/base/aspnet}\n';
    assert.equal(switches(await found(text, policy)).length, 0);
  });

  it('goes by the catalogue: an image that the policy calls something else is not minimal', async () => {
    const text = 'FROM mcr.microsoft.com/dotnet/aspnet:10.0\nCMD ["dotnet", "/a.dll"]\n';
    const policy = 'catalogue:\n  - {image: mcr.microsoft.com/dotnet/aspnet, packageManager: apt, shell: bash}\n';
    const findings = await found(text, policy);
    assert.deepEqual(switches(findings), []);
    assert.match(reasons(findings)[0] ?? '', /that it is minimal is not recorded/);
  });
});
