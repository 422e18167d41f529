// The thresholds and movements that the server gives to the page, written by tests/test_film_coach.py before these tests run.

import { readFileSync } from "node:fs";

const page = JSON.parse(readFileSync(process.env.HIPCV_FILM_FACTS, "utf8"));
export const facts = page.facts;
export const seated = page.test;
