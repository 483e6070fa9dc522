// What of better-auth is open to the network: signing in and out, the session, the identity provider's way back. Everything else it offers is not there.
import "server-only";
import { AppError } from "@/lib/base/errors";
import { auth } from "./auth";
import { record } from "./audit";
import { counted } from "./requests";
import { addressOf, answering, checkOrigin, json } from "./endpoint";
import { oidcProviderId } from "./hand-over";
import { comeBack, hasOidc, signInByProvider } from "./provider";
import { currentActor } from "./session";
import { signInByPassword } from "./sign-in";

type Door = (request: Request) => Promise<Response>;

async function signOut(request: Request): Promise<Response> {
  checkOrigin(request);
  const actor = await currentActor(request.headers);
  const answer = await auth().handler(new Request(request.url, { method: "POST", headers: request.headers, body: "{}" }));
  if (actor) await record({ actor, address: addressOf(request.headers), requestId: crypto.randomUUID(), action: "session.end", target: { kind: "person", name: actor.email }, outcome: "succeeded" });
  return json({ ok: answer.ok }, {}, answer.headers.getSetCookie());
}

/** Who is signed in, without the session's token. */
async function getSession(request: Request): Promise<Response> {
  const actor = await currentActor(request.headers);
  return json(actor ? { actor: { kind: actor.kind, id: actor.id, name: actor.name, role: actor.role } } : { actor: null });
}

const doors: Record<string, Door> = {
  "POST /api/auth/sign-in/email": signInByPassword,
  "POST /api/auth/sign-out": (request) => answering(request, () => signOut(request)),
  "GET /api/auth/get-session": (request) => answering(request, () => getSession(request)),
};
const oidcDoors: Record<string, Door> = {
  "POST /api/auth/sign-in/social": signInByProvider,
  [`GET /api/auth/callback/${oidcProviderId}`]: comeBack,
};

export const authDoor: Door = counted((request: Request) => {
  const name = `${request.method} ${new URL(request.url).pathname}`;
  const door = Object.hasOwn(doors, name) ? doors[name] : hasOidc() && Object.hasOwn(oidcDoors, name) ? oidcDoors[name] : undefined;
  return answering(request, (): Promise<Response> => {
    if (!door) throw new AppError("not-found", "There is nothing at this address.");
    return door(request);
  });
});
