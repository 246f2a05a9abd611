/**
 * The stand-in for a language model: it writes no sentence of its own. It answers with the
 * sentences of the documents in its messages that match the question best, calls a tool when the
 * question names the tool's arguments, and says so when it has nothing to go by.
 */

import type OpenAI from "openai";

export type Message = OpenAI.ChatCompletionMessageParam;
export type Tool = OpenAI.ChatCompletionTool;

export type Completion =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "tool-call"; readonly name: string; readonly arguments: string };

/** A sentence of a document, together with the code block or list that it introduces with a colon. */
interface Sentence {
  readonly title: string;
  readonly text: string;
  readonly block: string;
  readonly terms: ReadonlySet<string>;
  readonly titleTerms: ReadonlySet<string>;
}

const MAX_SENTENCES = 3;
/** The best sentence must account for this share of the question, weighted by how telling each word is. */
const MIN_COVERAGE = 0.4;
/** A sentence beside the best one must reach this share of its score, in the same section or another. */
const MIN_SHARE = 0.7;
const MIN_SHARE_ELSEWHERE = 0.9;
/** A word in the document's title counts this much of one in the sentence itself. */
const TITLE_WEIGHT = 0.6;

const STOP_WORDS = new Set(
  `a about after all also am an and any are as at be been but by can could did do does for from get
  give go got had has have hello help hey hi how i if in into is it its just know let like me my no
  not of on or our out please so some tell thank thanks that the their them then there these they
  this those to too us use want was we well were what when where which while who why will with would
  yes you your`.split(/\s+/),
);

export function complete(messages: readonly Message[], tools: readonly Tool[] = []): Completion {
  const question = lastText(messages, "user");
  const last = messages.at(-1);
  if (last?.role === "tool") return { kind: "text", text: textOf(last) };
  const call = tools.map((tool) => fillCall(tool, question)).find((filled) => filled !== undefined);
  if (call !== undefined) return { kind: "tool-call", ...call };
  return { kind: "text", text: quote(bestSentences(question, readSentences(messages))) };
}

/** One token per started four letters or digits of a word, and one per other visible character. */
export function countTokens(text: string): number {
  return text.match(/[\p{L}\p{N}]{1,4}|[^\s\p{L}\p{N}]/gu)?.length ?? 0;
}

export function textOf(message: Message): string {
  if (typeof message.content === "string") return message.content;
  const parts = message.content ?? [];
  return parts.map((part) => ("text" in part ? part.text : "")).join("\n");
}

function lastText(messages: readonly Message[], role: Message["role"]): string {
  const message = messages.findLast((candidate) => candidate.role === role);
  return message === undefined ? "" : textOf(message);
}

function quote(sentences: readonly Sentence[]): string {
  if (sentences.length === 0) {
    return "I don't know. The documents I was given say nothing about that.";
  }
  const body = sentences
    .map(({ text, block }) => (block === "" ? text : `${text}\n\n${block}\n\n`))
    .join(" ")
    .replace(/\n\n +/g, "\n\n")
    .trim();
  const titles = [...new Set(sentences.map((sentence) => sentence.title))];
  return `${body}\n\nSource: ${titles.join("; ")}`;
}

/**
 * The sentences that answer best, in the order in which the documents have them. What the message
 * asks outright counts first; the whole message is looked at where that leads nowhere.
 */
function bestSentences(message: string, sentences: readonly Sentence[]): Sentence[] {
  const asked = message.match(/[^.!?]+\?/g)?.join(" ") ?? "";
  const answer = match(asked, sentences);
  return answer.length > 0 ? answer : match(message, sentences);
}

function match(question: string, sentences: readonly Sentence[]): Sentence[] {
  const weights = new Map([...termsOf(question)].map((term) => [term, telling(term, sentences)]));
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const ranked = sentences
    .map((sentence) => ({ sentence, score: scoreOf(sentence, weights) }))
    .sort((a, b) => b.score - a.score);
  const best = ranked[0];
  if (best === undefined || best.score === 0) return [];
  if (coverage(best.sentence, weights) < MIN_COVERAGE * total) return [];
  const chosen = ranked
    .filter(({ sentence, score }) => {
      const isSameDocument = sentence.title === best.sentence.title;
      return score >= best.score * (isSameDocument ? MIN_SHARE : MIN_SHARE_ELSEWHERE);
    })
    .slice(0, MAX_SENTENCES)
    .map(({ sentence }) => sentence);
  return sentences.filter((sentence) => chosen.includes(sentence));
}

function scoreOf(sentence: Sentence, weights: ReadonlyMap<string, number>): number {
  let score = 0;
  for (const [term, weight] of weights) {
    if (sentence.terms.has(term)) score += weight;
    if (sentence.titleTerms.has(term)) score += weight * TITLE_WEIGHT;
  }
  return score;
}

function coverage({ terms, titleTerms }: Sentence, weights: ReadonlyMap<string, number>): number {
  let covered = 0;
  for (const [term, weight] of weights) {
    if (terms.has(term) || titleTerms.has(term)) covered += weight;
  }
  return covered;
}

/** Inverse document frequency: a word that stands in few sentences tells more about which is meant. */
function telling(term: string, sentences: readonly Sentence[]): number {
  const count = sentences.filter(
    ({ terms, titleTerms }) => terms.has(term) || titleTerms.has(term),
  ).length;
  return Math.log(1 + sentences.length / (1 + count));
}

/** Reads `<document title="…">Markdown</document>` blocks out of the system message. */
function readSentences(messages: readonly Message[]): Sentence[] {
  const context = lastText(messages, "system");
  const documents = context.matchAll(/<document title="([^"]*)">\n([\s\S]*?)\n<\/document>/g);
  return [...documents].flatMap(([, title = "", markdown = ""]) => splitSentences(title, markdown));
}

function splitSentences(title: string, markdown: string): Sentence[] {
  const titleTerms = termsOf(title);
  const sentences: Sentence[] = [];
  const blocks = markdown.match(/```[\s\S]*?```|(?:(?!```)[^\n]+\n?)+/g) ?? [];
  for (const block of blocks.map((text) => text.trim())) {
    const introduction = sentences.at(-1);
    if (
      introduction?.block === "" &&
      introduction.text.endsWith(":") &&
      /^(```|[-*] )/.test(block)
    ) {
      sentences[sentences.length - 1] = { ...introduction, block };
      continue;
    }
    if (/^(```|\||<|#|!\[)/.test(block)) continue; // code without words, tables, HTML, headings, images
    for (const part of block.split(/(?<=[.!?])\s+(?=[A-Z`*[-])|\n(?=[-*] )/)) {
      const text = part.replace(/^[-*] /, "").replace(/\s+/g, " ");
      sentences.push({ title, text, block: "", terms: termsOf(text), titleTerms });
    }
  }
  return sentences;
}

/** Words in lower case without endings, so that "sessions" meets "session" and "missing" meets "miss". */
function termsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
  const content = words.filter((word) => word.length > 1 && !STOP_WORDS.has(word));
  return new Set(content.map((word) => word.replace(/(?<=.{3})(?:ing|ed|es|s|e)$/, "")));
}

interface FunctionSchema {
  readonly properties?: Readonly<Record<string, ParameterSchema>>;
  readonly required?: readonly string[];
}
interface ParameterSchema {
  readonly enum?: readonly string[];
  readonly pattern?: string;
}

/** The call to make, when the question itself names a value for every required parameter. */
function fillCall(tool: Tool, question: string): { name: string; arguments: string } | undefined {
  if (tool.type !== "function") return undefined;
  const { name, parameters } = tool.function;
  const { properties = {}, required = [] } = (parameters ?? {}) as FunctionSchema; // JSON Schema, by the API's contract
  const filled: Record<string, string> = {};
  for (const [key, schema] of Object.entries(properties)) {
    const value = findValue(schema, question);
    if (value !== undefined) filled[key] = value;
  }
  if (required.length === 0 || !required.every((key) => key in filled)) return undefined;
  return { name, arguments: JSON.stringify(filled) };
}

function findValue(
  { enum: choices, pattern }: ParameterSchema,
  question: string,
): string | undefined {
  const words = question.split(/\s+/).map((word) => word.replace(/^\W*|\W*$/g, ""));
  if (choices !== undefined) {
    return choices.find((choice) =>
      words.some((word) => word.toLowerCase().split(".")[0] === choice),
    );
  }
  if (pattern === undefined) return undefined;
  const matches = new RegExp(pattern, "u");
  return words.map((word) => word.replace(/^v(?=\d)/, "")).find((word) => matches.test(word));
}
