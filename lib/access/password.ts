// Which passwords are good enough.
import { z } from "zod";

export const minPasswordLength = 12;
export const maxPasswordLength = 128;

const wellKnown = ["password", "passwort", "qwerty", "letmein", "welcome", "123456", "iloveyou", "admin", "quarterdeck", "kubernetes", "changeme"];

/** Why a password is too weak, as a sentence; null when it is good. */
export function passwordFault(password: string, about: { email?: string; name?: string } = {}): string | null {
  if (password.length < minPasswordLength) return `The password has ${password.length} characters; it needs at least ${minPasswordLength}.`;
  if (password.length > maxPasswordLength) return `The password is longer than ${maxPasswordLength} characters.`;
  const plain = password.toLowerCase();
  if (new Set(plain).size < 5) return "The password repeats the same few characters. Use a longer phrase.";
  const own = [about.email?.split("@")[0], about.name].map((word) => word?.toLowerCase() ?? "").filter((word) => word.length >= 4);
  for (const word of [...wellKnown, ...own]) {
    if (plain.includes(word) && plain.replaceAll(word, "").length < 6) return "The password is little more than a word that anyone would try first. Use a longer phrase.";
  }
  return null;
}

export const password = z.string().superRefine((value, context) => {
  const fault = passwordFault(value);
  if (fault) context.addIssue({ code: "custom", message: fault });
});
