#!/usr/bin/env node
// A false far side, in the place of ssh: it reads what is sent, and answers as its name says. No part of it is real.
import { createHash } from 'node:crypto';

const how = process.env.USER ?? '';
const chunks = [];
let isAnswered = false;
process.stdin.on('data', (chunk) => {
  chunks.push(chunk);
  if (!isAnswered) answer(Buffer.concat(chunks));
  else if (how !== 'silent') request(chunk);
});
process.stdin.on('end', () => process.exit(0));

function answer(all) {
  const end = all.indexOf(10);
  const [, marker, bytes] = all.toString('latin1', 0, end).split(' ');
  const text = all.subarray(end + 1, end + 1 + Number(bytes));
  if (text.length < Number(bytes)) return;
  isAnswered = true;
  const digest = createHash('md5').update(text).digest('hex');
  if (how === 'success') process.exit(0);
  if (how === 'failure') process.exit(255);
  if (how === 'noise') {
    process.stdout.write(Buffer.alloc(200_000, 'x'));
    return;
  }
  process.stdout.write(marker);
  if (how === 'endless') return frame('h', 0, Buffer.alloc(0), 0xffffffff);
  if (how === 'talkative') return frame('h', 77, Buffer.alloc(0));
  if (how === 'garbage') return process.stdout.write(Buffer.alloc(100, 0x41));
  const told = how === 'another' ? 'f'.repeat(32) : digest;
  const protocol = how === 'later' ? '2' : '1';
  frame(
    'h',
    0,
    texts(
      protocol,
      told,
      '5.8.4',
      'SunOS',
      '5.10',
      'sparc',
      '0',
      '0',
      '1700000000',
      'carried',
      '/usr/bin/perl',
      '0',
      'look',
      '',
    ),
  );
}

function request(chunk) {
  const number = chunk.readUInt32BE(5);
  if (how === 'exits') process.exit(0);
  if (how === 'number') frame('e', number + 1, Buffer.alloc(0));
  if (how === 'flood') flood(number);
  if (how === 'torn') frame('e', number, Buffer.from([0, 0, 0, 9, 1]));
  if (how === 'kind') frame('z', number, Buffer.alloc(0));
  if (how === 'few') frame('e', number, Buffer.alloc(0));
  if (how === 'wrong') {
    frame('p', number, texts('ok', '', '/etc', '', 'not a status', '', '', '', '', '', '', '', ''));
    frame('e', number, Buffer.alloc(0));
  }
}

function flood(number) {
  const part = Buffer.alloc(1024 * 1024);
  const more = () => {
    while (frame('p', number, part));
    process.stdout.once('drain', more);
  };
  process.stdout.on('error', () => process.exit(0));
  more();
}

function frame(kind, number, body, length = body.length) {
  const head = Buffer.alloc(9);
  head.writeUInt32BE(length);
  head.write(kind, 4);
  head.writeUInt32BE(number, 5);
  return process.stdout.write(Buffer.concat([head, body]));
}

function texts(...fields) {
  return Buffer.concat(
    fields.flatMap((field) => {
      const head = Buffer.alloc(4);
      head.writeUInt32BE(Buffer.byteLength(field));
      return [head, Buffer.from(field)];
    }),
  );
}
