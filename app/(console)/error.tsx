"use client";
// The same picture of a broken page, inside the console's frame, so that the frame stays.
export { default } from "../error";
