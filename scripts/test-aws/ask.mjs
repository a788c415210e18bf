// Requests as they stand: nothing is normalised and no header is added but Host.
import { request as requestHttp } from 'node:http';
import { connect } from 'node:http2';
import { request as requestHttps } from 'node:https';

/** One request over HTTP/1.1; `raw` is the path behind the stage, percent-encoded. */
export function ask(url, raw, { method = 'GET', headers = {} } = {}) {
  const { protocol, hostname, port, pathname } = new URL(url);
  const send = protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    send({ method, hostname, port, path: pathname + raw, headers, agent: false, timeout: 35_000 }, (answer) => {
      const chunks = [];
      answer.on('data', (part) => chunks.push(part));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on('timeout', function () {
        this.destroy(new Error('no answer in 35 s'));
      })
      .on('error', reject)
      .end();
  });
}

/** The same over HTTP/2, which sends all names of headers in lower case. Only over TLS. */
export function ask2(url, raw, { headers = {} } = {}) {
  const { origin, pathname } = new URL(url);
  return new Promise((resolve, reject) => {
    const session = connect(origin).on('error', reject);
    const stream = session.request({ ':path': pathname + raw, ...headers });
    const chunks = [];
    let head = {};
    stream.on('response', (got) => {
      head = got;
    });
    stream.on('data', (part) => chunks.push(part));
    stream.on('error', reject);
    stream.on('end', () => {
      session.close();
      resolve({ status: head[':status'], headers: head, body: Buffer.concat(chunks) });
    });
    stream.end();
  });
}
