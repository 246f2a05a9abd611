/** Floor (a): the traced program without any tracing. */

async function retrieve() {}
async function generate({ answer }) {
  return answer;
}

export async function start() {
  return {
    async handle(conversation) {
      await retrieve();
      return generate(conversation);
    },
    observe: (work) => work,
    withRoot: (work) => work(),
    record() {},
    open: () => () => {},
    async flush() {},
  };
}
