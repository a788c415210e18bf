import { describe, expect, it } from 'vitest';
import { readJsonPath } from '../../../src/emulator/execute-api/json-path.js';
import { mock, ServedApi, textOf } from './served-api.js';

/** The value of a template expression for one request. */
function render(template: string, body = '', headers: Record<string, string> = {}): string {
  const api = new ServedApi();
  api.stage.variables = { colour: 'green' };
  const requestTemplates = {
    'application/json': `{"statusCode": 200}#set($context.responseOverride.header.X = ${template})`,
  };
  api.add('/{p}', 'POST', mock({ requestTemplates }));
  return api.send('POST', '/a%20b?q=1&q=2', { body, headers }).headers['X'] ?? '';
}

/** What a template prints of a body. */
function print(template: string, body: string): string {
  const api = new ServedApi();
  const requestTemplates = {
    'application/json': `{"statusCode": 200}#set($context.responseOverride.header.X = "${template}")`,
  };
  api.add('/a', 'POST', mock({ requestTemplates }));
  return api.send('POST', '/a', { body }).headers['X'] ?? '';
}

describe('renderTemplate()', () => {
  it.each([
    ["$input.path('$.map')", '{"map":{"foo":"bar"}}', '{foo=bar}'],
    ["$input.path('$.list')", '{"list":[{"foo":"bar"}]}', '[{"foo":"bar"}]'],
    ["$input.path('$.map')", '{"map":{"a":{"b":null},"c":[1]}}', '{a={b=null}, c=[1]}'],
    ["$input.path('$.none')", '{}', ''],
    ["$input.path('$')", '', ''],
    ['$input.body', '', '{}'],
    ['$input.body', '{"a": 1}', '{"a": 1}'],
    ['$input.body.attr', '{"attr": 1}', ''],
    ["$input.json('$.a')", '{"a":"x"}', '"x"'],
    ["$input.json('$.a')", '{"a":[1,{"b":2}]}', '[1,{"b":2}]'],
    ["$input.json('$')", '', '{}'],
    ["$input.json('$.none')", '{}', '""'],
    ["$input.path('$.n')", '{"n":0}', '0'],
    ['$undefined ${also} $!{quiet}', '{}', '  '],
  ])('prints %s of %s as %s', (template, body, printed) => {
    expect(print(template, body)).toBe(printed);
  });

  it.each([
    ["$input.params('p')", 'a b'],
    ["$input.params('q')", '2'],
    ["$input.params('X-Own')", 'own'],
    ["$input.params('none')", ''],
    ['$input.params().querystring.q', '2'],
    ["$input.params().get('path').get('p')", 'a b'],
    ["$input.params().header.get('X-Own')", 'own'],
    ['$stageVariables.colour', 'green'],
    ['$context.stage', 'v1'],
    ['$context.path', '/v1/a%20b'],
    ['$context.resourcePath', '/{p}'],
    ['$context.identity.sourceIp', '203.0.113.7'],
    ['$context.requestTime', '28/Jul/2026:09:45:44 +0000'],
    ['$context.requestTimeEpoch', '1785231944000'],
    ['$context.domainPrefix', 'abcde12345'],
    ['$util.urlEncode("a b&ü~*")', 'a+b%26%C3%BC%7E*'],
    ['$util.urlDecode("a+b%26")', 'a b&'],
    ['$util.base64Encode("ü")', 'w7w='],
    ['$util.base64Decode("w7w=")', 'ü'],
    ['$util.escapeJavaScript("it\'s é/")', "it\\'s \\u00E9\\/"],
    ['$util.escapeJavaScript("it\'s").replaceAll("\\\\\'", "\'")', "it's"],
    ['$util.parseJson(\'{"a":{"b":1}}\').a.b', '1'],
  ])('evaluates %s to %s', (expression, value) => {
    expect(render(expression, '{}', { 'X-Own': 'own' })).toBe(value);
  });

  it.each([
    ["$s.replaceAll('e+', '-')", 'gr-n'],
    ["$s.replaceAll('(r)(e)', '$2$1')", 'geren'],
    ["$s.replaceAll('e', '\\$')", 'gr$$n'],
    ["$s.replaceFirst('e', 'E')", 'grEen'],
    ["$s.replace('e', '.')", 'gr..n'],
    ["$s.split('e').size()", '3'],
    ["$s.split('n').size()", '1'],
    ['$s.length()', '5'],
    ["$s.equals('green')", 'true'],
    ["$s.equalsIgnoreCase('GREEN')", 'true'],
    ["$s.contains('ree')", 'true'],
    ["$s.startsWith('gr')", 'true'],
    ["$s.endsWith('gr')", 'false'],
    ["$s.indexOf('e')", '2'],
    ["$s.lastIndexOf('e')", '3'],
    ['$s.substring(1, 3)', 're'],
    ['$s.substring(1)', 'reen'],
    ['$s.toUpperCase().toLowerCase().trim()', 'green'],
    ["$s.matches('g.*n')", 'true'],
    ["$s.matches('g')", 'false'],
    ["$s.concat('er').charAt(5)", 'e'],
    ['$s.isEmpty()', 'false'],
    ['$s.nothing()', ''],
  ])('calls %s as Java does', (expression, value) => {
    expect(render(expression.replace('$s', '$stageVariables.colour'))).toBe(value);
  });

  it('loops over lists and maps, and tests conditions', () => {
    const template = [
      "#set($root = $input.path('$'))",
      '#foreach($item in $root.items)$foreach.count:$item.name#if($foreach.hasNext),#end#end',
      '#foreach($key in $root.map.keySet())|$key=$root.map.get($key)#end',
      '#foreach($entry in $root.map.entrySet())|$entry.key:$entry.getValue()#end',
      '#if($root.items.size() == 2 && !$root.items.isEmpty())|two#{else}other#end',
      "#if($root.map.containsKey('none'))bad#end",
      "#set($n = $root.map.size() + 1)|$n#set($gone = $root.map.put('z', 3))|$root.map.values()",
      "#set($gone = $root.map.remove('x'))|$root.map#set($gone = $root.items.add(1))|$root.items.get(2)",
    ].join('');
    const body = '{"items":[{"name":"a"},{"name":"b"}],"map":{"x":1,"y":2}}';

    expect(print(template, body)).toBe('1:a,2:b|x=1|y=2|x:1|y:2|two|3|[1,2,3]|{y=2, z=3}|1');
  });

  it('lets a request template override what a MOCK answers', () => {
    const api = new ServedApi();
    const template =
      '#set($context.responseOverride.status = 418)#set($context.responseOverride.header.X-Tea = "pot"){"statusCode": 200}';
    api.add('/a', 'GET', mock({ requestTemplates: { 'application/json': template } }));

    const response = api.send('GET', '/a');

    expect([response.status, response.headers['X-Tea']]).toEqual([418, 'pot']);
  });

  it.each(['99', '600', '"teapot"', '200.5'])('ignores the override of the status with %s', (status) => {
    const api = new ServedApi();
    const template = `#set($context.responseOverride.status = ${status})`;
    api.add('/a', 'GET', mock({}, { responseTemplates: { 'application/json': template } }));

    expect(api.send('GET', '/a').status).toBe(200);
  });

  it('keeps templates out of the prototypes of JavaScript', () => {
    const api = new ServedApi();
    const template =
      '$input.constructor.name $input.params.constructor("x") #set($input.__proto__.polluted = 1)$input.params().hasOwnProperty("path")';
    api.add('/a', 'GET', mock({}, { responseTemplates: { 'application/json': template } }));

    expect(textOf(api.send('GET', '/a')).trim()).toBe('');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('readJsonPath()', () => {
  const value = { a: { b: [1, { c: 'x' }], 'd e': 2 }, b: 3 };

  it.each([
    ['$', value],
    ['', value],
    ['$.a.b[0]', 1],
    ['a.b[1].c', 'x'],
    ["$['a']['d e']", 2],
    ['$.a["d e"]', 2],
    ['$.a.b[*]', [1, { c: 'x' }]],
    ['$.a.*', [[1, { c: 'x' }], 2]],
    ['$..b', [3, [1, { c: 'x' }]]],
    ['$..c', ['x']],
    ['$.none.deeper', undefined],
    ['$.b.length', undefined],
    ['$.constructor', undefined],
  ])('reads %s', (path, found) => {
    expect(readJsonPath(value, path)).toEqual(found);
  });

  it('refuses filters', () => {
    expect(() => readJsonPath(value, '$.a[?(@.b)]')).toThrow(SyntaxError);
  });
});
