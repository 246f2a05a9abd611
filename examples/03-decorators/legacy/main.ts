/**
 * A class whose methods are observed: by the decorators of TypeScript's
 * `experimentalDecorators`, which tsconfig.json beside this file switches on.
 */

import { flush, observe, updateCurrentTrace } from "playhead";

const NAME = "decorators-legacy-1";

class Assistant {
  readonly #city: string;

  constructor(city: string) {
    this.#city = city;
  }

  @observe({ asType: "agent" })
  async reply(question: string): Promise<string> {
    updateCurrentTrace({ sessionId: NAME });
    const degrees = await this.weather(this.#city, "celsius");
    return Assistant.phrase(question, degrees);
  }

  @observe({ asType: "tool", name: (city: string) => `weather in ${city}` })
  async weather(city: string, unit: string): Promise<string> {
    return `${city.length + 10} degrees ${unit}`;
  }

  @observe()
  static phrase(question: string, facts: string): string {
    return `${question} ${facts}.`;
  }
}

const assistant = new Assistant("Oslo");
console.log(await assistant.reply("How warm is it?"));
const { delivered, offered } = await flush();
console.log(`${delivered} of ${offered} spans delivered`);
