let underWayCount = 0;

/** Whether something is under way that ends when the page is left. */
export function isWorkUnderWay(): boolean {
  return underWayCount > 0;
}

/** Runs what ends when the page is left: until it is done, the browser asks before it leaves. */
export async function runUnfinished(work: () => Promise<void>): Promise<void> {
  underWayCount += 1;
  window.addEventListener("beforeunload", ask);
  try {
    await work();
  } finally {
    underWayCount -= 1;
    if (underWayCount === 0) window.removeEventListener("beforeunload", ask);
  }
}

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
