// SPDX-License-Identifier: AGPL-3.0-or-later
// Passkeys: asks the server what to ask the device, and sends the form with
// what the device said. All words stand in the page, in its language.

interface Asked {
  challenge: string;
  timeout: number;
  user?: { id: string; name: string; displayName: string };
  rp?: PublicKeyCredentialRpEntity;
  rpId?: string;
  pubKeyCredParams?: PublicKeyCredentialParameters[];
  authenticatorSelection?: AuthenticatorSelectionCriteria;
  userVerification?: UserVerificationRequirement;
  excludeCredentials?: { type: "public-key"; id: string }[];
  allowCredentials?: { type: "public-key"; id: string }[];
}

document.querySelectorAll<HTMLFormElement>("form[data-passkey]")
  .forEach(offerPasskey);

function offerPasskey(form: HTMLFormElement): void {
  const button = form.querySelector<HTMLButtonElement>("button[data-go]");
  if (!button) return;
  if (!window.isSecureContext || !window.PublicKeyCredential) {
    say(form, "without");
    return;
  }
  button.hidden = false;
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    if (!button.disabled) void go(form, button);
  });
}

async function go(form: HTMLFormElement, button: HTMLButtonElement):
  Promise<void> {
  button.disabled = true;
  say(form, null);
  try {
    const asked = await ask(form);
    const answer = form.dataset.passkey === "new"
      ? await make(asked) : await use(asked);
    for (const name in answer) {
      const field = form.elements.namedItem(form.dataset.prefix + name);
      if (field instanceof HTMLInputElement) field.value = answer[name];
    }
    form.submit();
  } catch (e) {
    button.disabled = false;
    say(form, reason(e));
    button.focus();
  }
}

/** Which of the page's sentences fits. */
function reason(e: unknown): string {
  const name = e instanceof Error ? e.name : "";
  if (name === "NotAllowedError" || name === "AbortError") return "stopped";
  if (name === "InvalidStateError") return "known";
  if (name === "NotSupportedError" || name === "ConstraintError")
    return "unfit";
  return "failed";
}

/** Shows one of the sentences at the button; null: none. */
function say(form: HTMLFormElement, which: string | null): void {
  form.querySelectorAll<HTMLElement>("[data-said]").forEach((el) => {
    el.hidden = el.dataset.said !== which;
  });
}

async function ask(form: HTMLFormElement): Promise<Asked> {
  const answer = await fetch(form.dataset.ask!, {
    method: "POST",
    body: new URLSearchParams(
      { csrf: (form.elements.namedItem("csrf") as HTMLInputElement).value }),
  });
  if (!answer.ok) throw new Error("refused");
  return await answer.json() as Asked;
}

const idsOf = (ids: { type: "public-key"; id: string }[] | undefined) =>
  (ids ?? []).map(({ type, id }) => ({ type, id: bytes(id) }));

async function make(asked: Asked): Promise<Record<string, string>> {
  const made = await navigator.credentials.create({
    publicKey: {
      challenge: bytes(asked.challenge),
      timeout: asked.timeout,
      rp: asked.rp!,
      user: { ...asked.user!, id: bytes(asked.user!.id) },
      pubKeyCredParams: asked.pubKeyCredParams!,
      authenticatorSelection: asked.authenticatorSelection,
      excludeCredentials: idsOf(asked.excludeCredentials),
      attestation: "none",
    },
  }) as PublicKeyCredential;
  const r = made.response as AuthenticatorAttestationResponse;
  return {
    id: text(made.rawId),
    client_data: text(r.clientDataJSON),
    attestation: text(r.attestationObject),
  };
}

async function use(asked: Asked): Promise<Record<string, string>> {
  const used = await navigator.credentials.get({
    publicKey: {
      challenge: bytes(asked.challenge),
      timeout: asked.timeout,
      rpId: asked.rpId,
      userVerification: asked.userVerification,
      allowCredentials: idsOf(asked.allowCredentials),
    },
  }) as PublicKeyCredential;
  const r = used.response as AuthenticatorAssertionResponse;
  return {
    id: text(used.rawId),
    client_data: text(r.clientDataJSON),
    auth_data: text(r.authenticatorData),
    signature: text(r.signature),
    user_handle: r.userHandle ? text(r.userHandle) : "",
  };
}

// ---- base64url ----

function bytes(s: string): ArrayBuffer {
  const plain = atob(s.replace(/-/g, "+").replace(/_/g, "/"));
  const out = new ArrayBuffer(plain.length);
  new Uint8Array(out).set(Array.from(plain, (c) => c.charCodeAt(0)));
  return out;
}

function text(b: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(b)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
