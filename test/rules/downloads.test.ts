// SPDX-License-Identifier: Apache-2.0
// Rules about what RUN fetches, beyond their examples: one line of shell each.
import assert from 'node:assert/strict';
import { findingsOf } from '../support/linting.ts';

const run = (script: string): string => `FROM debian:13\nRUN ${script}\nUSER 1000\n`;
const marked = (ruleId: string, text: string): readonly string[] =>
  findingsOf(ruleId, text).map(({ span }) => text.slice(span.start, span.end));

describe('WB1041 download-piped-to-shell', () => {
  const bad: readonly (readonly [string, string])[] = [
    ['curl https://x | tee log | bash -eux', 'bash'],
    ['(curl -fsSL https://x || wget -qO- https://x) | sh', 'sh'],
    ['curl https://x | perl', 'perl'],
    ['eval "$(curl -s https://x)"', 'eval'],
    ['. <(curl -s https://x)', '.'],
    ['bash -c "`wget -q -O - https://x`"', 'bash'],
    ['bash -eo pipefail -c "$(curl https://x)"', 'bash'],
    ['bash <<< "$(curl https://x)"', 'bash'],
    ['if true; then curl https://x | /bin/sh -; fi', '/bin/sh'],
    [`sh -c 'curl https://x | bash -s'`, 'bash'],
    ['curl https://x|sh', 'sh'],
    ['curl -o - https://x | sh', 'sh'],
  ];
  for (const [script, place] of bad)
    it(`finds ${script}`, () => assert.deepEqual(marked('WB1041', run(script)), [place]));
  const good = [
    'curl -o x.sh https://x | sh',
    'wget https://x/install.sh | sh',
    'curl https://x | sh -c "cat > y"',
    'curl https://x | bash ./mine.sh',
    'curl https://x | jq . | tee y',
    'V=$(curl https://x/version) && sh build.sh "$V"',
    'sh -c "V=$(curl https://x) && echo $V"',
    'eval "V=$(curl https://x)"',
    'curl https://x | gpg --dearmor > k',
    'curl https://x | node -e "process.stdin.pipe(process.stdout)"',
    'cat install.sh | sh',
    `sh -c 'echo "$0"' "$(curl https://x)"`,
    'curl https://x | bash -- mine.sh',
    `echo 'curl https://x | sh'`,
    'case $x in curl|sh) echo y;; esac',
  ];
  for (const script of good) it(`leaves ${script}`, () => assert.deepEqual(marked('WB1041', run(script)), []));

  const files: readonly (readonly [string, string])[] = [
    ['curl -o x.sh https://x/y && sh x.sh', 'x.sh'],
    ['curl --output /tmp/x.sh https://x/y; bash -eu -o pipefail /tmp/x.sh a b', '/tmp/x.sh'],
    ['curl -fsSLO https://x/get.py?v=1 && python3 get.py', 'get.py'],
    ['wget -q https://x/install.sh && chmod +x install.sh && ./install.sh', './install.sh'],
    ['wget -O /t/i https://x && . /t/i', '/t/i'],
    ['wget -P /opt https://x/i.sh && sh /opt/i.sh', '/opt/i.sh'],
    ['curl --output-dir /opt -O https://x/i.sh && sh /opt/./i.sh', '/opt/./i.sh'],
    ['curl https://x/y > "${D}/x.sh" && sh $D/x.sh', '$D/x.sh'],
    ['cd /tmp && curl -o x.sh https://x/y && cd / && sh tmp/x.sh', 'tmp/x.sh'],
    ['curl -o x.sh https://x/y && mv x.sh /bin/y && /bin/y', '/bin/y'],
    ['curl -o x.sh https://x/y && install -m 755 x.sh /opt && sudo /opt/x.sh', '/opt/x.sh'],
    ['sha256sum -c sums && curl -o x.sh https://x/y && sh x.sh', 'x.sh'],
    ['curl -o x.sh https://x/y\nRUN sh x.sh\nRUN sh x.sh', 'x.sh'],
    ['curl -o x.sh https://x/y\nWORKDIR /a\nRUN ../x.sh && sh x.sh', ''],
  ];
  for (const [script, place] of files) {
    it(`follows the file of ${script}`, () =>
      assert.deepEqual(marked('WB1041', run(script)), place === '' ? [] : [place]));
  }

  const compared = [
    'curl -o x.sh https://x/y && sha256sum -c sums && sh x.sh',
    'curl -o x.sh https://x/y && [ "$(shasum -a 256 x.sh)" = "$SUM" ] && sh x.sh',
    'wget -O x.sh https://x/y && gpg --verify x.sh.asc x.sh && sh x.sh',
    `curl -o c.php https://x/y && php -r "hash_file('sha384', 'c.php') === 'a' || exit(1);" && php c.php`,
    'curl -o x.sh https://x/y && sh y.sh',
    'curl -o x.sh https://x/y && sh -c "echo x.sh"',
    'curl -o x.sh http://localhost:8080/y && sh x.sh',
    'curl -o - https://x/y > /dev/null && sh x.sh',
    'curl -o x.tgz https://x/y && tar -xf x.tgz',
    'curl -o x.sh https://x/y && cp a x.sh.bak && python3 -m x.sh',
    'curl -O https://x && sh x',
  ];
  for (const script of compared) it(`leaves ${script}`, () => assert.deepEqual(marked('WB1041', run(script)), []));

  it('follows a file through stages and copies, and says where it was fetched', () => {
    const text =
      'FROM debian:13 AS get\nWORKDIR /w\nRUN curl -O https://x/i.sh\nFROM get AS next\nRUN ./i.sh\nFROM debian:13\nCOPY --from=get ["/w/i.sh", "/opt/"]\nCOPY --from=get /w /v\nRUN sh /opt/i.sh\nRUN /v/i.sh\nCOPY --from=next /a /a\n';
    const found = findingsOf('WB1041', text);
    assert.deepEqual(
      found.map(({ span, related }) => [
        text.slice(span.start, span.end),
        related?.map((each) => text.slice(each.span.start, each.span.end)),
      ]),
      [['./i.sh', ['curl']]],
    );
    const direct = text.replace('RUN ./i.sh\n', '');
    assert.deepEqual(marked('WB1041', direct), ['/opt/i.sh']);
    assert.deepEqual(marked('WB1041', direct.replace('RUN sh /opt/i.sh\n', '')), ['/v/i.sh']);
    assert.deepEqual(marked('WB1041', 'FROM x AS a\nRUN curl -o i https://x/y && sh i\nFROM y\n'), []);
  });

  it('is silent where nobody takes the stage, and speaks in ONBUILD and exec form', () => {
    const text = 'FROM debian:13 AS a\nRUN curl https://x | sh\nFROM scratch\nUSER 1\n';
    assert.deepEqual(marked('WB1041', text), []);
    assert.deepEqual(marked('WB1041', 'FROM x\nONBUILD RUN curl https://x | sh\n'), ['sh']);
    assert.deepEqual(marked('WB1041', 'FROM x\nRUN ["bash", "-c", "curl https://x | zsh"]\n'), ['zsh']);
  });
});

describe('WB1042 verification-switched-off', () => {
  const bad: readonly (readonly [string, string])[] = [
    ['curl --insecure https://x', '--insecure'],
    ['curl -sSkL https://x', '-sSkL'],
    ['wget --no-check-certificate https://x', '--no-check-certificate'],
    ['yum install -y --nogpgcheck x', '--nogpgcheck'],
    ['apt-get -o Acquire::https::Verify-Peer=false update', '-o'],
    ['apt-get install -y --allow-unauthenticated x', '--allow-unauthenticated'],
    ['zypper --no-gpg-checks install x', '--no-gpg-checks'],
    ['rpm -i --nosignature x.rpm', '--nosignature'],
    ['python3 -m pip install --trusted-host=pypi.org x', '--trusted-host=pypi.org'],
    ['npm config set strict-ssl false', 'strict-ssl'],
    ['npm install --strict-ssl=false', '--strict-ssl=false'],
    ['yarn config set "strict-ssl" false -g', '"strict-ssl"'],
    ['git config --global http.sslVerify false', 'http.sslVerify'],
    ['git -c http.sslVerify=false clone https://x', '-c'],
    ['export PYTHONHTTPSVERIFY=0', 'PYTHONHTTPSVERIFY=0'],
    ['env GOSUMDB=off go mod download', 'GOSUMDB=off'],
    ['go env -w GOSUMDB=off', 'GOSUMDB=off'],
    [`sed -i 's/gpgcheck=1/gpgcheck=0/' /etc/yum.conf`, 'gpgcheck=0'],
    ['echo "sslverify=false" | tee -a /etc/yum.conf', 'sslverify=false'],
    [`printf 'a\\nTrusted: yes\\n' > /etc/apt/sources.list.d/x.sources`, 'Trusted: yes'],
    ['skopeo copy --src-tls-verify=false docker://a docker://b', '--src-tls-verify=false'],
  ];
  for (const [script, place] of bad)
    it(`finds ${script}`, () => assert.deepEqual(marked('WB1042', run(script)), [place]));
  const good = [
    'curl -K config https://x',
    'curl -H "-k" https://x',
    'curl -fsSL "http://127.0.0.1:80/" -k',
    'wget --no-check-certificate https://localhost/x',
    'tar -k x && make -k',
    'apk add --no-cache x',
    'apt-get -o Acquire::Retries=3 update',
    'dnf --setopt=install_weak_deps=0 install x',
    'echo "gpgcheck=1" > /etc/yum.conf',
    'npm config set strict-ssl true',
    'git config --global http.sslVerify true',
    'pip install --trusted-host localhost x',
    'GONOSUMDB=git.example.com/* go build',
    'echo gpgcheck=0',
    'GIT_SSL_NO_VERIFY=$V git pull',
    'PIP_TRUSTED_HOST=$V pip install x',
    'skopeo copy --src-tls-verify=true docker://a docker://b',
  ];
  for (const script of good) it(`leaves ${script}`, () => assert.deepEqual(marked('WB1042', run(script)), []));

  it('says nothing of what comes from outside', () => {
    assert.deepEqual(marked('WB1042', 'FROM x\nARG PIP_TRUSTED_HOST\nENV PIP_TRUSTED_HOST=$PIP_TRUSTED_HOST\n'), []);
    assert.deepEqual(marked('WB1042', 'FROM x\nENV PIP_TRUSTED_HOST=a.example\n'), ['PIP_TRUSTED_HOST=a.example']);
  });

  it('says nothing of a value that could be a secret', () => {
    const [finding] = findingsOf('WB1042', 'FROM x\nENV PIP_TRUSTED_HOST=user:geheim@pypi.example.com\n');
    assert.ok(finding !== undefined && !finding.message.includes('geheim'));
  });
});

describe('WB1043 secret-in-build', () => {
  const shapes: Readonly<Record<string, string>> = {
    AWS: `AKIA${'QWERTYUIOPASDFGH'}`,
    GitLab: `glpat${'-'}a1B2c3D4e5F6g7H8i9J0`,
    Slack: `xoxb${'-'}1234567890-abcdefGHIJKL`,
    npm: `npm${'_'}a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8`,
    Google: `AIza${'Sy'}A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q`,
    Vault: `hvs${'.'}CAESIJa1B2c3D4e5F6g7H8i9J0k1`,
    key: `-----BEGIN RSA ${'PRIVATE'} KEY-----`,
  };
  for (const [name, secret] of Object.entries(shapes)) {
    it(`knows a secret of ${name} wherever it stands, and does not repeat it`, () => {
      for (const text of [
        `FROM x\nRUN echo '${secret}' > f\n`,
        `FROM x\nENV V="${secret}"\n`,
        `ARG V='${secret}'\nFROM x\n`,
        `FROM x\nLABEL a='${secret}'\n`,
        `FROM x\nONBUILD COPY <<EOF /f\n${secret}\nEOF\n`,
      ]) {
        const found = findingsOf('WB1043', text);
        assert.equal(found.length, 1, text);
        assert.equal(found[0]?.severity, 'error');
        assert.ok(!JSON.stringify(found).includes(secret));
      }
    });
  }

  const settings: readonly (readonly [string, boolean])[] = [
    ['ENV DB_PASS=s3cr3t!', true],
    ['ENV A=1 CLIENT_SECRET="abc def"', true],
    ['ARG registryPassword=hunter22', true],
    ['ENV aws.secretKey=abcd1234', true],
    ['ENV DATABASE_PASSWORD=', false],
    ['ENV DATABASE_PASSWORD=$PASSWORD', false],
    ['ENV DATABASE_PASSWORD="${PASSWORD:-x}"', false],
    ['ARG GITHUB_TOKEN', false],
    ['ENV COMPASS=north PWD=/app OLDPWD=/x', false],
    ['ENV JWT_SECRET_FILE=secret.txt', false],
    ['ENV ACCESS_TOKEN_EXPIRES=3600s', false],
    ['ENV TOKENIZERS_PARALLELISM=false TOKENIZER=gpt2x', false],
    ['ENV SECRET_KEY_BASE_DUMMY=1', false],
    ['ENV API_KEY=your-api-key API_TOKEN=<token> A_SECRET=changeme', false],
    ['ENV GPG_KEY=7169605F62C751356D054A26A821E680E5FA6305', false],
    ['ENV TOKEN_URL=https://example.com/token AUTH_TOKEN=vault:secret/x', false],
    ['LABEL password=hunter22', false],
  ];
  for (const [line, expected] of settings) {
    it(`${expected ? 'finds' : 'leaves'} ${line}`, () => {
      const found = findingsOf('WB1043', `FROM x\n${line}\n`);
      assert.equal(found.length, expected ? 1 : 0);
      for (const { severity } of found) assert.equal(severity, 'warning');
    });
  }
});

describe('WB1043 and passwords in other texts', () => {
  const P = ['s3', 'cret!'].join('');
  const bad = [
    `ENV DATABASE_URL=postgres://app:${P}@db/x`,
    `ENV REDIS_URL="redis://:${P}@cache:6379/0"`,
    `ADD https://ci:${P}@example.com/x.tgz /x/`,
    `RUN git clone https://bot:${P}@example.com/x.git`,
    `ENV SPRING_DATASOURCE_URL=jdbc:postgresql://db/x?user=a&password=${P}`,
    `ENV ConnectionStrings__Main="Server=db;User Id=sa;Password=${P};Encrypt=true"`,
    `RUN echo "//registry.example.com/:_authToken=${P}" > .npmrc`,
    `RUN echo 'machine example.com login bot password ${P}' > /root/.netrc`,
    `ENV DB_CONNECTION_STRING=postgres://app:${P}@db/x`,
    `LABEL doc="https://ci:${P}@example.com"`,
  ];
  for (const line of bad) {
    it(`finds the password in ${line}`, () => {
      const text = `FROM x\n${line}\n`;
      const found = findingsOf('WB1043', text);
      assert.deepEqual(
        found.map(({ span, severity }) => [text.slice(span.start, span.end), severity]),
        [[P, 'warning']],
      );
      assert.ok(!JSON.stringify(found).includes(P));
    });
  }
  const good = [
    'ENV DATABASE_URL=postgres://app:$PW@db/x',
    'ENV DATABASE_URL=postgres://app:${PW}@db/x',
    'ENV DATABASE_URL=postgres://postgres:postgres@db/x',
    'ENV DATABASE_URL=postgres://app:password@db/x',
    'ENV DATABASE_URL=postgres://app:changeme@db/x',
    `ENV DATABASE_URL=postgres://app:${P}@localhost/x`,
    'ENV DATABASE_URL=postgres://app@db/x',
    'ENV URL=https://example.com:8080/a@b',
    `RUN skopeo copy docker://nginx:1.27@sha256:${'a'.repeat(64)} oci:x`,
    'RUN git clone ssh://git@example.com:2222/x.git',
    'RUN echo "//registry.example.com/:_authToken=${TOKEN}" > .npmrc',
    'ENV A="Server=db;Password={0}"',
    `RUN git clone git@example.com:${P}/x.git`,
    'RUN echo "the password=" && apt-key=x',
  ];
  for (const line of good) it(`leaves ${line}`, () => assert.deepEqual(marked('WB1043', `FROM x\n${line}\n`), []));

  it('says a token inside an address once', () => {
    const token = `glpat${'-'}a1B2c3D4e5F6g7H8i9J0`;
    const text = `FROM x\nRUN git clone https://oauth2:${token}@gitlab.example.com/x.git\n`;
    assert.deepEqual(
      findingsOf('WB1043', text).map(({ severity }) => severity),
      ['error'],
    );
  });

  it('says a token and a password in one instruction each, in either order', () => {
    const token = `glpat${'-'}a1B2c3D4e5F6g7H8i9J0`;
    for (const line of [`A=${token} git clone https://ci:${P}@x/y`, `git clone https://ci:${P}@x/y ${token}`]) {
      const text = `FROM x\nRUN ${line}\n`;
      assert.deepEqual(marked('WB1043', text).toSorted(), [token, P].toSorted(), line);
    }
  });

  const copied: readonly (readonly [string, readonly string[]])[] = [
    ['COPY .npmrc package.json /a/', ['info: .npmrc']],
    ['COPY ["home/.netrc", "/root/"]', ['warning: home/.netrc']],
    ['ADD .ssh/ /root/.ssh/', ['warning: .ssh/']],
    ['COPY "keys/id_rsa" id_rsa.pub /k/', ['warning: "keys/id_rsa"']],
    ['COPY --from=build /root/.aws/credentials /root/.aws/', ['warning: /root/.aws/credentials']],
    ['ONBUILD COPY .pypirc /root/', ['warning: .pypirc']],
    ['COPY .npmrc* /a/', ['info: .npmrc*']],
    ['COPY npmrc.example .npmrc.md config.json id_rsa.pub /a/', []],
    ['COPY app /root/.npmrc', []],
    ['RUN cat .npmrc x', []],
  ];
  for (const [line, expected] of copied) {
    it(`marks ${expected.join(', ') || 'nothing'} in ${line}`, () => {
      const text = `FROM x AS build\nCOPY .npmrc /b/\nFROM y\nCOPY --from=build /z /z\n${line}\n`;
      assert.deepEqual(
        findingsOf('WB1043', text).map(({ span, severity }) => `${severity}: ${text.slice(span.start, span.end)}`),
        expected,
      );
    });
  }
});

describe('WB1040 remote-add-without-checksum', () => {
  it('finds each remote source by its own place', () => {
    const text = 'FROM x\nADD http://a/1 "https://a/2" local git@github.com:a/b.git#main /x/\n';
    assert.deepEqual(marked('WB1040', text), ['http://a/1', '"https://a/2"', 'git@github.com:a/b.git#main']);
  });

  it('leaves local files, heredocs, variables and COPY', () => {
    assert.deepEqual(
      marked('WB1040', 'FROM x\nADD a.tgz $URL /x/\nADD <<EOF /y\nhttps://x\nEOF\nCOPY https: /z/\n'),
      [],
    );
  });

  it('follows a variable to the commit that it names', () => {
    const git = (before: string, fragment: string): readonly string[] =>
      marked('WB1040', `${before}FROM x\nARG V\nADD https://a/b.git#${fragment} /x/\n`);
    assert.deepEqual(git('', '$V'), []);
    assert.deepEqual(git(`ARG V=${'0'.repeat(40)}\n`, '${V}'), []);
    assert.deepEqual(git('ARG V=$W\n', '$V:sub'), []);
    assert.deepEqual(git('ARG V=v1.2\n', '$V'), ['https://a/b.git#$V']);
  });

  it('speaks of a commit for Git and of sha256 for files', () => {
    const [git] = findingsOf('WB1040', 'FROM x\nADD https://a/b.git /x/\n');
    const [file] = findingsOf('WB1040', 'FROM x\nONBUILD ADD https://a/b.git.tgz /x/\n');
    assert.match(git?.message ?? '', /commit/);
    assert.match(file?.message ?? '', /sha256/);
  });
});
