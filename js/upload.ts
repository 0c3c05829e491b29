// SPDX-License-Identifier: AGPL-3.0-or-later
// Shows how far an upload is, and takes files that are dropped. The form is
// sent as it would be without it, and the answer is the same page.

const form = document.querySelector<HTMLFormElement>("form[data-upload]");
if (form && "FormData" in window) {
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    send(form);
  });
  takeDrops(form);
}

function send(f: HTMLFormElement): void {
  const bar = f.querySelector<HTMLProgressElement>("[data-progress]")!;
  const status = f.querySelector<HTMLElement>("[data-status]")!;
  const button = f.querySelector<HTMLButtonElement>("button[type=submit]")!;
  const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" });
  const xhr = new XMLHttpRequest();
  let said = -1;

  xhr.open("POST", f.action);
  xhr.upload.onprogress = (e) => {
    if (!e.lengthComputable) return;
    bar.value = (e.loaded / e.total) * 100;
    const tenth = Math.floor((e.loaded / e.total) * 10);
    if (tenth === said) return; // a screen reader hears each tenth once
    said = tenth;
    status.textContent = e.loaded < e.total
      ? f.dataset.sending!.replace("{1}", percent.format(tenth / 10))
      : f.dataset.reading!;
  };
  xhr.onload = () => {
    // Whatever the answer is, it is a page: show it, under its own address.
    if (xhr.responseURL && xhr.responseURL !== f.action) // it was redirected
      history.pushState(null, "", xhr.responseURL);
    const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
    document.title = page.title;
    const now = document.querySelector("main")!;
    const next = page.querySelector("main");
    if (!next) {
      failed();
      return;
    }
    now.replaceWith(document.adoptNode(next));
    next.focus();
    scrollTo(0, 0);
  };
  const failed = (): void => {
    bar.hidden = true;
    button.disabled = false;
    status.textContent = f.dataset.failed!;
  };
  xhr.onerror = failed;
  xhr.ontimeout = failed;
  bar.hidden = false;
  bar.value = 0;
  button.disabled = true;
  xhr.send(new FormData(f));
}

function takeDrops(f: HTMLFormElement): void {
  const input = f.querySelector<HTMLInputElement>("input[type=file]")!;
  const zone = input.closest<HTMLElement>(".drop");
  if (!zone) return;
  const mark = (on: boolean) => zone.classList.toggle("over", on);
  zone.addEventListener("dragover", (e) => {
    e.preventDefault();
    mark(true);
  });
  zone.addEventListener("dragleave", () => mark(false));
  zone.addEventListener("drop", (e) => {
    e.preventDefault();
    mark(false);
    if (e.dataTransfer?.files.length) input.files = e.dataTransfer.files;
  });
}

addEventListener("popstate", () => location.reload());
