import { describe, expect, it } from "vitest";
import { redactionOf } from "./support";

const { redact, read } = redactionOf("secrets", "[redacted secret]");

describe("the preset secrets finds values behind names", () => {
  it.each([
    "password=«hunter2»",
    "password: «hunter2»",
    "Password : «hunter2»",
    "passwd=«hunter2»; user=x",
    "pwd=«hunter2»&user=x",
    "PASSWORD=«hunter2»",
    "DB_PASS=«hunter2»",
    "dbPass: «hunter2»",
    "secret=«abc»",
    "client_secret=«abc-def»&grant_type=x",
    "clientSecret: '«abc»'",
    'const apiKey = "«abc def»";',
    "api_key=«abc»",
    "api-key: «abc»",
    "x-api-key: «abc»",
    "X-Api-Key:«abc»",
    "OPENAI_API_KEY=«abc»",
    "export AWS_SECRET_ACCESS_KEY=«abc/def+ghi»",
    "access_token=«abc»&token_type=bearer",
    "refresh_token: «abc»",
    "token=«abc123»",
    "id_token=«a.b.c»",
    "https://example.com/cb?token=«abc123»&x=1#access_token=«xyz»",
    "https://example.com/?key=«0123456789abcdef»&q=1",
    "https://blob.example.com/x?sv=2022&sig=«0123456789abcdef%3D»&se=1",
    "Authorization: Bearer «abc.def»",
    "authorization: Basic «dXNlcjpwYXNz»",
    "Authorization: Digest «username=jane, realm=x»",
    "Authorization: «abc123»",
    "curl -H 'Authorization: Bearer «abc»' https://example.com",
    'curl -H "x-api-key: «abc»" https://example.com',
    "Cookie: «sid=abc; theme=dark»",
    "Set-Cookie: «sid=abc; Path=/; HttpOnly»\nNext: x",
    "Proxy-Authorization: Basic «abc»",
    "AccountName=x;AccountKey=«abc+/==»;EndpointSuffix=y",
    "Server=db;User Id=sa;Password=«p@ss»;Encrypt=true",
    "Endpoint=sb://x/;SharedAccessKeyName=Root;SharedAccessKey=«abc=»",
    "<password>«hunter2»</password>",
    "--password «hunter2» --user x",
    "--api-key=«abc»",
    "mysql --password='«hunter 2»'",
    "password := «hunter2»",
    '"password" => "«hunter2»"',
    "Passwort: «geheim»",
    "//registry.example.com/:_authToken=«abc123»",
    'got {"password":"«hunter2»"} in a text',
    'got {\\"password\\":\\"«hunter2»\\",\\"a\\":1}',
    'got {\\\\\\"password\\\\\\":\\\\\\"«hunter2»\\\\\\"}',
    'got {"password": «12345»}',
    'got {"api_key":"«a \\"quoted\\" key»"}',
    "{'password': '«hunter2»'}",
    "User(name=jane, password=«hunter2»)",
    "password=«hunter2»...[cut: 12 bytes]",
    "one_time_password: «123456»",
    "token: «123456»",
  ])("%s", (line) => {
    const { text, expected } = read(line);
    expect(redact(text)).toBe(expected);
  });

  it.each([
    "max_tokens: 15",
    "max_token=15",
    '"total_tokens":1200,"prompt_tokens":15',
    "token_count: 15, tokens: 15",
    "tokens=abc",
    "token: 15",
    "the secret of success",
    "a password is needed; the token expired",
    "Passwords must have 8 characters",
    "token_type: bearer",
    "primary_key: id, foreign_key: user_id, cache_key=a:b, public_key=abc",
    "key: value, key=abc",
    "password: string;",
    "password: z.string().min(8)",
    "const token = await getToken();",
    "const apiKey = process.env.OPENAI_API_KEY;",
    "api_key = os.environ['X']",
    "password: user.password,",
    "token = response.data.token",
    "password=$DB_PASSWORD",
    `password: \${PASSWORD}`,
    "password: {{ password }}",
    'password="<your password>"',
    "password: null, secret: true",
    "password=",
    'password: ""',
    "password=****",
    "password=[redacted secret]",
    "secret: [circular]",
    "PWD=/home/jane",
    "tokenizer: cl100k_base",
    "bypass: no, compass: north",
    "eos_token: </s>, pad_token: <pad>",
    "stop_token=abc",
    "author: Jane, authority: x",
    "<div class='secret'>text</div>",
    "a -> b, password -> x",
    "session_id=abc123",
  ])("leaves %s", (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe("the preset secrets finds credentials", () => {
  it.each([
    "postgres://«app:hunter2»@db.example.com:5432/app",
    "redis://«:hunter2»@cache:6379",
    "mongodb+srv://«a:b%40c»@cluster.example.com",
    "https://«x-access-token:abc»@github.com/a/b.git",
    "https://«0123456789abcdef0123»@github.com/a/b.git",
    "amqp://«guest:p@ss»@host",
    "Bearer «abcdef123456»",
    "the header is bearer «aBcDeFgHiJkLmN».",
    "Basic «dXNlcjpwYXNzd29yZA==» is sent",
    "bearer%20«abcdef123456»",
    "line\\nBearer «abcdef123456»",
  ])("%s", (line) => {
    const { text, expected } = read(line);
    expect(redact(text)).toBe(expected);
  });

  it.each([
    "the bearer of bad news",
    "bearer instruments are papers",
    "basic understanding, basic authentication",
    "Basic programming",
    "ssh://git@github.com/a/b.git",
    "http://localhost:3000/@scope/pkg",
    "https://example.com/a@b",
    "http://[::1]:3000/",
    "forbearer abcdef123456",
    "git@github.com:a/b.git",
  ])("leaves %s", (text) => {
    expect(redact(text)).toBe(text);
  });
});
