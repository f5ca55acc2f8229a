// The playground as a page of its own: what the server's page loads.

import { startPage } from "./page/start.ts";

const place = document.querySelector<HTMLElement>("#playground");
if (place) startPage(place, new AbortController().signal);
