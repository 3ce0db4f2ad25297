// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { type Entry, writeTar } from '../../../scripts/lib/oci-layout.mjs';
import { ArchiveError, programInArchive } from '../../../src/node/tools/tar.ts';

const archive = (entries: Entry[]): Uint8Array => gzipSync(writeTar(entries));
const program: Entry = { path: 'syft', mode: 0o755, data: 'the program' };

/** A tar with one member whose header is made by hand, so that its name can be anything. */
function rawMember(name: string, data: string, type = '0'): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 'latin1');
  header.write('0000755\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${data.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write(type, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const body = Buffer.alloc(Math.ceil(data.length / 512) * 512);
  body.write(data);
  return Buffer.concat([header, body]);
}
const raw = (...members: Buffer[]): Uint8Array => gzipSync(Buffer.concat([...members, Buffer.alloc(1024)]));

const refused = (bytes: Uint8Array, pattern: RegExp): void =>
  assert.throws(
    () => programInArchive(bytes, 'syft'),
    (error) => error instanceof ArchiveError && pattern.test(error.message),
  );

describe('a program out of a release archive', () => {
  it('is found at the top, beside other files', () => {
    const bytes = programInArchive(
      archive([{ path: 'LICENSE', data: 'x' }, program, { path: 'README.md', data: 'y'.repeat(3000) }]),
      'syft',
    );
    assert.equal(Buffer.from(bytes).toString(), 'the program');
  });

  it('is found as ./syft', () => {
    assert.equal(Buffer.from(programInArchive(raw(rawMember('./syft', 'abc')), 'syft')).toString(), 'abc');
  });

  it('is not taken from a folder', () => refused(archive([{ path: 'bin/syft', data: 'x' }]), /holds no syft/));

  it('is not taken as a link', () => refused(archive([{ path: 'syft', link: '/bin/sh' }]), /not a regular file/));

  it('is not taken twice', () => refused(raw(rawMember('syft', 'a'), rawMember('./syft', 'b')), /twice/));

  for (const name of ['../syft', '/syft', 'a/../../b', 'C:evil', 'a\\..\\b'])
    it(`is refused beside the member ${name}`, () =>
      refused(raw(rawMember(name, 'x'), rawMember('syft', 'y')), /member/));

  it('is refused where the archive ends early', () => {
    const whole = Buffer.concat([rawMember('syft', 'x'.repeat(2000))]);
    refused(gzipSync(whole.subarray(0, 1200)), /ends in the middle/);
    refused(gzipSync(whole), /ends in the middle/);
    refused(archive([program]).subarray(0, 60), /gzip/);
  });

  it('is refused where a header was changed', () => {
    const member = rawMember('syft', 'abc');
    member.write('tyft', 0);
    refused(raw(member), /checksum/);
  });

  it('is refused where it is no gzip at all', () => refused(Buffer.from('<!doctype html>'), /gzip/));
});
