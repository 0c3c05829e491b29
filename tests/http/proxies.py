# SPDX-License-Identifier: AGPL-3.0-or-later
"""nginx, Caddy and haproxy as docs/OPERATIONS.md sets them up: the page's own
lines, with the paths and ports of a test in place of a machine's."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import unittest
from pathlib import Path

from serving import ROOT, free_port, wait_for

NAME = "run.example"
PAGE = ROOT / "docs" / "OPERATIONS.md"
PROGRAMS = {"nginx": "nginx", "caddy": "caddy", "haproxy": "haproxy"}


def program(kind):
    """Where it is; Debian keeps some of them out of a user's PATH."""
    return shutil.which(PROGRAMS[kind],
                        path=os.environ.get("PATH", "") + ":/usr/sbin")


def need(cls, kind):
    if not program(kind):
        raise unittest.SkipTest(f"{kind} is not here ({cls.__name__})")


def block(kind):
    """The lines that the page shows for it."""
    found = re.findall(rf"^```{kind}\n(.*?)^```$", PAGE.read_text(),
                       re.M | re.S)
    assert len(found) == 1, f"{len(found)} blocks of {kind}"
    return found[0]


def put(text, pairs):
    """Each must stand there: what the page no longer says is no test."""
    for old, new in pairs:
        assert old in text, f"the page has no {old!r}"
        text = text.replace(old, str(new))
    return text


class Front:
    """A proxy in a folder of its own; `socket` is where our server listens."""

    def __init__(self, kind):
        self.kind = kind
        self.folder = Path(tempfile.mkdtemp(prefix=f"everystep-{kind}-"))
        self.folder.chmod(0o755)
        self.socket = self.folder / "http"
        self.http, self.https = free_port(), free_port()
        self.pid = None
        self.cert, self.key = self.folder / "cert.pem", self.folder / "key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
             f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}",
             "-keyout", self.key, "-out", self.cert], check=True,
            capture_output=True)

    def ports(self, text, http, https):
        return put(text, [(http, http.replace("80", str(self.http))),
                          (https, https.replace("443", str(self.https)))])

    def nginx(self):
        text = put(block("nginx"), [
            ("/run/everystep/http", self.socket),
            (f"/etc/letsencrypt/live/{NAME}/fullchain.pem", self.cert),
            (f"/etc/letsencrypt/live/{NAME}/privkey.pem", self.key),
            ("listen 80;", f"listen 127.0.0.1:{self.http};"),
            ("listen [::]:80;", ""),
            ("listen 443 ", f"listen 127.0.0.1:{self.https} "),
        ])
        text = re.sub(r"^ *listen \[::\]:443.*\n", "", text, flags=re.M)
        own = self.folder
        who = "user root;" if os.geteuid() == 0 else ""
        temp = "".join(f"{t}_temp_path {own}/{t};\n" for t in (
            "client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        path = own / "nginx.conf"
        path.write_text(
            f"{who}\ndaemon off;\npid {own}/pid;\nerror_log {own}/log;\n"
            "worker_processes 1;\nworker_rlimit_nofile 8192;\n"
            "events { worker_connections 4096; }\n"
            f"http {{\naccess_log {own}/access;\n{temp}{text}}}\n")
        return [program("nginx"), "-c", path, "-e", own / "log"]

    def caddy(self):
        text = put(block("caddy"), [
            ("unix//run/everystep/http", f"unix/{self.socket}"),
            (f"\n\n{NAME} {{\n", f"\n\n{NAME}:{self.https} {{\n"
             f"    tls {self.cert} {self.key}\n"),
            ("{\n    servers {", "{\n    admin off\n"
             f"    http_port {self.http}\n    https_port {self.https}\n"
             "    default_bind 127.0.0.1\n    servers {"),
        ])
        path = self.folder / "Caddyfile"
        path.write_text(text)
        return [program("caddy"), "run", "--adapter", "caddyfile", "--config",
                path]

    def haproxy(self):
        both = self.folder / "both.pem"
        both.write_bytes(self.cert.read_bytes() + self.key.read_bytes())
        text = put(block("haproxy"), [
            ("/run/everystep/http", self.socket),
            (f"/etc/haproxy/certs/{NAME}.pem", both),
            ("bind :80\n", f"bind 127.0.0.1:{self.http}\n"),
            ("bind :443 ", f"bind 127.0.0.1:{self.https} "),
            ("    user haproxy\n    group www-data\n", ""),
            ("    log /dev/log local0\n", ""),
            ("    log global\n", ""), ("    option httplog\n", ""),
            ("maxconn 10000", "maxconn 2000"),
        ])
        path = self.folder / "haproxy.cfg"
        path.write_text(text)
        return [program("haproxy"), "-db", "-f", path]

    def start(self):
        command = getattr(self, self.kind)()
        self.log = open(self.folder / "said", "wb")
        env = {**os.environ, "HOME": str(self.folder),
               "XDG_DATA_HOME": str(self.folder),
               "XDG_CONFIG_HOME": str(self.folder)}
        self.pid = subprocess.Popen(command, stdout=self.log, stderr=self.log,
                                    stdin=subprocess.DEVNULL, env=env,
                                    cwd=self.folder)
        wait_for(self.kind, self.listens)

    def said(self):
        return "".join(p.read_text(errors="replace")
                       for p in (self.folder / "said", self.folder / "log")
                       if p.exists())

    def listens(self):
        assert self.pid.poll() is None, self.said()
        try:
            self.dial().close()
            return True
        except OSError:
            return False

    def dial(self, source="127.0.0.1", name=NAME):
        s = socket.create_connection(("127.0.0.1", self.https), 20,
                                     (source, 0))
        context = ssl.create_default_context(cafile=self.cert)
        context.check_hostname = name == NAME
        context.set_alpn_protocols(["http/1.1"])
        try:
            return context.wrap_socket(s, server_hostname=name)
        except OSError:
            s.close()
            raise

    def curl(self, *args, **more):
        return subprocess.run(
            ["curl", "--silent", "--show-error", "--max-time", "60",
             "--cacert", self.cert, "--resolve",
             f"{NAME}:{self.https}:127.0.0.1", "-H", f"Host: {NAME}", *args],
            capture_output=True, check=False, **more)

    def url(self, path):
        return f"https://{NAME}:{self.https}{path}"

    def stop(self):
        if self.pid:
            self.pid.terminate()
            self.pid.wait(60)
            self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
