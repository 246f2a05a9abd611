/** A place in a session as players write it: `0:07.3`, `12:05.0`, `1:02:05`. */
export function positionText(timeMs: number): string {
  const tenths = Math.floor(Math.max(0, timeMs) / 100);
  const seconds = Math.floor(tenths / 10);
  const minutes = Math.floor(seconds / 60);
  const twoDigits = (value: number): string => String(value).padStart(2, "0");
  if (minutes >= 60) {
    return `${Math.floor(minutes / 60)}:${twoDigits(minutes % 60)}:${twoDigits(seconds % 60)}`;
  }
  return `${minutes}:${twoDigits(seconds % 60)}.${tenths % 10}`;
}
