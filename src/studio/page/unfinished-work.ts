let isUnderWay = false;

/** Whether something is under way that ends when the page is left. */
export function isWorkUnderWay(): boolean {
  return isUnderWay;
}

/** Runs what ends when the page is left: until it is done, the browser asks before it leaves. */
export async function runUnfinished(work: () => Promise<void>): Promise<void> {
  isUnderWay = true;
  window.addEventListener("beforeunload", ask);
  try {
    await work();
  } finally {
    isUnderWay = false;
    window.removeEventListener("beforeunload", ask);
  }
}

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
