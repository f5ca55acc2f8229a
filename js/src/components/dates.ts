// When something was, as short as it can be told apart. English, like the words around it, and in
// the time of the place where it is read.

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** Days between two moments as the calendar counts them. */
function daysBetween(time: Date, now: Date): number {
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return (midnight(now) - midnight(time)) / 86_400_000;
}

/** 14:02, 9:05. */
function clock(time: Date): string {
  return `${time.getHours()}:${String(time.getMinutes()).padStart(2, "0")}`;
}

function yearOf(time: Date, now: Date): string {
  return time.getFullYear() === now.getFullYear() ? "" : ` ${time.getFullYear()}`;
}

/**
 * "now", "2 min", "14:02", "Yesterday", "Mon", "3 Nov", "3 Nov 2024".
 *
 * @param seconds since the epoch
 * @param known the day is said already, as by a heading: then it is the time of that day
 */
export function when(seconds: number, now: Date, known = false): string {
  const time = new Date(1000 * seconds);
  const minutes = Math.floor((now.getTime() - time.getTime()) / 60_000);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes} min`;
  const days = daysBetween(time, now);
  if (days < 1 || (days === 1 && known)) return clock(time);
  if (days === 1) return "Yesterday";
  if (days < 7) return WEEKDAYS[time.getDay()] ?? "";
  const month = (MONTHS[time.getMonth()] ?? "").slice(0, 3);
  return `${time.getDate()} ${month}${yearOf(time, now)}`;
}

/** The heading that a day is listed under. */
export function dayGroup(seconds: number, now: Date): string {
  const time = new Date(1000 * seconds);
  const days = daysBetween(time, now);
  if (days < 1) return "Today";
  if (days === 1) return "Yesterday";
  if (days < 7) return "Last 7 days";
  if (days < 30) return "Last 30 days";
  return `${MONTHS[time.getMonth()]}${yearOf(time, now)}`;
}
