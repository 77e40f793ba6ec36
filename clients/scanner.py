#!/usr/bin/env python3
"""Reports the Wi-Fi networks and Bluetooth devices around a Linux machine to a KismetOrleans server.

It asks what is installed (iw, else nmcli; bluetoothctl), keeps every report on disk until the server has said that it has it,
and sends it again, under the same report_id, when no answer came: nothing is lost, and nothing counts twice.
The standard library alone. See docs/fleet.md.
"""
import argparse
import email.utils
import functools
import gzip
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse
import uuid

PATHS = {"wifi": "/phy/phy80211/scan/scan_report.cmd", "bluetooth": "/phy/phybluetooth/scan/scan_report.cmd"}
REPORTS_A_POST = 500
LONGEST_PAUSE = 300.0
# What no repetition makes better. Everything else, also a wrong key, is a matter of time.
NEVER_TAKEN = {400, 413, 415}
MOST_REFUSED = 16
SCAN_TIMEOUT = 60


def log(text):
    print(text, file=sys.stderr, flush=True)


@functools.lru_cache(maxsize=100)
def log_once(text):
    log(text)


def text_of(raw):
    """The name that bytes are; what is no UTF-8 is written as the server writes it."""
    text = ""
    for char in raw.decode("utf-8", "surrogateescape"):
        text += f"\\x{ord(char) - 0xDC00:02X}" if "\udc80" <= char <= "\udcff" else char
    return text


# ---- what the programs print ----

IW_KEYS = [
    ("FT/IEEE 802.1X/SHA-384", "FT/EAP-SHA384"), ("IEEE 802.1X/SUITE-B-192", "EAP_SUITE_B_192"), ("IEEE 802.1X/SUITE-B", "EAP_SUITE_B"),
    ("IEEE 802.1X/SHA-384", "EAP-SHA384"), ("IEEE 802.1X/SHA-256", "EAP-SHA256"), ("FT/IEEE 802.1X", "FT/EAP"), ("IEEE 802.1X", "EAP"),
    ("FT/FILS/SHA-384", "FT/FILS-SHA384"), ("FT/FILS/SHA-256", "FT/FILS-SHA256"), ("FILS/SHA-384", "FILS-SHA384"), ("FILS/SHA-256", "FILS-SHA256"),
    ("FT/PSK", "FT/PSK"), ("PSK/SHA-256", "PSK-SHA256"), ("PSK", "PSK"), ("FT/SAE", "FT/SAE"), ("SAE", "SAE"), ("OWE", "OWE"),
    ("00-0f-ac:24", "SAE_EXT_KEY"), ("00-0f-ac:25", "FT/SAE_EXT_KEY"), ("50-6f-9a:2", "DPP"),
]
IW_KEY = re.compile("|".join(re.escape(name) for name, _ in IW_KEYS))
IW_BSS = re.compile(r"BSS ([0-9a-f]{2}(?::[0-9a-f]{2}){5})", re.I)


def parse_iw(output, now, newer_than=0.0):
    """Reports of `iw dev <interface> scan`, given as bytes; of what was seen later than newer_than alone."""
    found, network, part = [], None, ""
    for raw in output.splitlines():
        start = IW_BSS.match(raw.decode("ascii", "replace"))
        if start:
            network = {"bssid": start[1].upper(), "age": 0.0, "capability": "", "parts": {}}
            found.append(network)
            continue
        if network is None or b":" not in raw:
            continue
        name, _, rest = raw.partition(b":")
        if raw.startswith(b"\t") and not raw.startswith(b"\t\t"):
            part = name.strip().decode("ascii", "replace")
            if part == "SSID":
                # Not stripped: iw writes blanks at the ends as \x20.
                network["ssid"] = text_of(re.sub(rb"\\x([0-9a-fA-F]{2})", lambda m: bytes([int(m[1], 16)]), rest[1:]))
                continue
            value = rest.strip().decode("ascii", "replace")
            if part == "freq":
                network["freqkhz"] = round(float(value) * 1000)
            elif part == "signal" and value.endswith("dBm"):
                network["signal"] = round(float(value.split()[0]))
            elif part == "last seen" and value.endswith("ms ago"):
                network["age"] = int(value.split()[0]) / 1000
            elif part == "capability":
                network["capability"] = value
            elif part in ("RSN", "WPA", "WPS", "WAPI"):
                network["parts"].setdefault(part, {})
                name, rest = rest.partition(b":")[0], rest.partition(b":")[2]
        if part in network["parts"]:
            network["parts"][part][name.strip(b" \t*").decode("ascii", "replace")] = rest.strip().decode("ascii", "replace")
    reports = []
    for network in found:
        seen = now - network["age"]
        if seen > newer_than:
            report = {key: network[key] for key in ("bssid", "ssid", "freqkhz", "signal") if key in network}
            reports.append({"timestamp": round(seen, 3), "capabilities": iw_capabilities(network), **report})
    return reports


def iw_capabilities(network):
    words = []
    for part, version in (("WPA", "WPA"), ("RSN", "RSN")):
        if part in network["parts"]:
            told = network["parts"][part]
            keys = "+".join(dict(IW_KEYS)[key] for key in IW_KEY.findall(told.get("Authentication suites", "")))
            ciphers = "+".join(told.get("Pairwise ciphers", "").split())
            words.append("-".join(filter(None, [version, keys, ciphers])))
            # "MFP-capable", or "MFP-required MFP-capable".
            words += [word for name, word in (("MFP-required", "MFPR"), ("MFP-capable", "MFPC")) if name in told.get("Capabilities", "")]
    if "WAPI" in network["parts"]:
        words.append("WAPI-PSK")
    told = network["capability"].split()
    if not words and "Privacy" in told:
        words.append("WEP")
    if "WPS" in network["parts"]:
        words.append("WPS")
    words += [word for word in ("IBSS", "ESS") if word in told]
    return "".join(f"[{word}]" for word in words)


NMCLI_FIELDS = "BSSID,SSID-HEX,FREQ,SECURITY,WPA-FLAGS,RSN-FLAGS,MODE"
NMCLI_KEYS = {"psk": "PSK", "802.1X": "EAP", "sae": "SAE", "owe": "OWE", "eap_suite_b_192": "EAP_SUITE_B_192"}
NMCLI_CIPHERS = {"pair_wep40": "WEP40", "pair_wpe40": "WEP40", "pair_wep104": "WEP104", "pair_wpe104": "WEP104", "pair_tkip": "TKIP", "pair_ccmp": "CCMP"}


def parse_nmcli(output, now):
    """Reports of `nmcli -t -f … dev wifi list`, given as text. It tells signals in percent alone, which are no dBm and are left out."""
    reports = []
    for line in output.splitlines():
        columns = [re.sub(r"\\(.)", r"\1", column) for column in re.findall(r"((?:\\.|[^:\\])*)(?::|$)", line)]
        if len(columns) < 7 or not re.fullmatch(r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}", columns[0]):
            continue
        bssid, ssid, frequency, security, wpa, rsn, mode = columns[:7]
        words = []
        for version, flags in (("WPA", wpa.split()), ("RSN", rsn.split())):
            keys = "+".join(NMCLI_KEYS[flag] for flag in flags if flag in NMCLI_KEYS)
            ciphers = "+".join(NMCLI_CIPHERS[flag] for flag in flags if flag in NMCLI_CIPHERS)
            if keys or ciphers:
                words.append("-".join(filter(None, [version, keys, ciphers])))
        if not words and "WEP" in security:
            words.append("WEP")
        words.append("IBSS" if "ad-hoc" in mode.lower() else "ESS")
        report = {"timestamp": round(now, 3), "bssid": bssid.upper(), "capabilities": "".join(f"[{word}]" for word in words)}
        if re.fullmatch(r"([0-9A-Fa-f]{2})*", ssid):
            report["ssid"] = text_of(bytes.fromhex(ssid))
        if re.match(r"\d+ MHz", frequency):
            report["freqkhz"] = int(frequency.split()[0]) * 1000
        reports.append(report)
    return reports


BLUETOOTH_LINE = re.compile(r"\[(NEW|CHG|DEL)\] Device ([0-9A-F]{2}(?::[0-9A-F]{2}){5}) ?(.*)", re.I)


def parse_bluetoothctl(output, now):
    """Reports of `bluetoothctl --timeout … scan on`, given as text: who was seen after the scan began."""
    devices, begun = {}, False
    for line in re.sub(r"\x1b\[[0-9;]*[A-Za-z]|[\x01\x02\r]", "", output).splitlines():
        begun |= "Discovery started" in line
        match = BLUETOOTH_LINE.search(line)
        if not match or match[1].upper() == "DEL":
            continue
        address, rest = match[2].upper(), match[3].strip()
        number = re.search(r"(-?\d+)\)?$", rest)
        if match[1].upper() == "NEW":
            # Known devices are listed before.
            if begun:
                device = devices.setdefault(address, {})
                if rest and rest.upper() != address.replace(":", "-"):
                    device["name"] = rest
        elif rest.startswith("RSSI:") and number:
            devices.setdefault(address, {})["signal"] = int(number[1])
        elif address in devices and rest.startswith("TxPower:") and number:
            devices[address]["txpowerlevel"] = int(number[1])
        elif address in devices and rest.startswith(("Name:", "Alias:")):
            devices[address]["name"] = rest.partition(":")[2].strip()
    return [{"timestamp": round(now, 3), "btaddr": address, **device} for address, device in devices.items()]


# ---- asking them ----


def run(*command):
    """What a program prints, as bytes; None when it is not there or fails, which is logged."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=SCAN_TIMEOUT, check=False,
                              env={**os.environ, "LC_ALL": "C"})
    except (OSError, subprocess.TimeoutExpired) as error:
        log_once(f"{command[0]}: {error}")
        return None
    if done.returncode != 0 and not done.stdout:
        log_once(f"{' '.join(command)}: {done.stderr.decode('utf-8', 'replace').strip()[:200] or f'ended with {done.returncode}'}")
        return None
    return done.stdout


class Scanner:
    """Asks for what is around, as the machine can."""

    def __init__(self, options):
        self.wifi = options.wifi or next((tool for tool in ("iw", "nmcli") if shutil.which(tool)), "none")
        self.bluetooth = not options.no_bluetooth and shutil.which("bluetoothctl")
        self.interface = options.interface
        self.seconds = options.bluetooth_seconds
        self.place = options.place
        self.last = 0.0
        if self.wifi == "none" and not self.bluetooth:
            sys.exit("there is neither iw nor nmcli nor bluetoothctl here")

    def scan(self):
        """Lists of reports by kind."""
        reports = {"wifi": self.scan_wifi(), "bluetooth": self.scan_bluetooth()}
        for report in [report for kind in reports.values() for report in kind] if self.place else []:
            report.update(self.place)
        return reports

    def scan_wifi(self):
        if self.wifi == "nmcli":
            output = run("nmcli", "-t", "-e", "yes", "-f", NMCLI_FIELDS, "dev", "wifi", "list", "--rescan", "yes")
            return parse_nmcli(output.decode("utf-8", "replace"), time.time()) if output else []
        if self.wifi != "iw":
            return []
        # Whoever is not root may look at what others' scans have found.
        output = run("iw", "dev", self.interface, "scan") or run("iw", "dev", self.interface, "scan", "dump")
        now, since = time.time(), self.last
        if output is None:
            return []
        self.last = now
        return parse_iw(output, now, since)

    def scan_bluetooth(self):
        output = run("bluetoothctl", "--timeout", str(self.seconds), "scan", "on") if self.bluetooth else None
        return parse_bluetoothctl(output.decode("utf-8", "replace"), time.time()) if output else []


# ---- keeping ----


class Spool:
    """Posts that wait on disk, each a file with the very bytes that are sent; the oldest go first, and go when there is no more room."""

    def __init__(self, folder, most_bytes):
        self.folder, self.most = folder, most_bytes
        self.refused = folder / "refused"
        self.refused.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.added = threading.Condition()
        for left in folder.glob("*.tmp"):
            left.unlink()

    def waiting(self):
        return sorted(self.folder.glob("*.gz"))

    def add(self, kind, post):
        body = gzip.compress(json.dumps(post, separators=(",", ":")).encode())
        files = [(path, path.stat().st_size) for path in self.waiting()]
        total = sum(size for _, size in files) + len(body)
        while files and total > self.most:
            path, size = files.pop(0)
            path.unlink(missing_ok=True)
            total -= size
            log(f"the spool is full: {path.name} is lost")
        # Never before one that is there, whatever the clock does.
        number = max([time.time_ns()] + [int(path.name.split(".")[0]) + 1 for path, _ in files[-1:]])
        path = self.folder / f"{number:020d}.{kind}.gz"
        temporary = path.with_suffix(".tmp")
        with open(temporary, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
        folder = os.open(self.folder, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
        with self.added:
            self.added.notify()

    def refuse(self, path):
        path.rename(self.refused / path.name)
        for old in sorted(self.refused.iterdir())[:-MOST_REFUSED]:
            old.unlink()


# ---- sending ----


class Sender:
    """Posts what waits, one after the other, until there is an answer."""

    def __init__(self, options, spool, stop):
        self.url = urllib.parse.urlsplit(options.server)
        self.spool, self.stop = spool, stop
        self.key = options.key_file.read_text().strip() if options.key_file else os.environ.get("KISMET_KEY", "")
        self.first = self.pause = options.retry
        self.connection = None
        self.context = ssl.create_default_context(cafile=options.cacert) if self.url.scheme == "https" else None
        if self.key and not self.context and self.url.hostname not in ("localhost", "127.0.0.1", "::1"):
            log("the key goes over the network unencrypted; https:// hides it")

    def send(self, path):
        """Posts a file. Returns (taken, pause before anything is posted again)."""
        try:
            status, wait, answer = self.post(PATHS[path.name.split(".")[1]], path.read_bytes())
        except FileNotFoundError:
            return True, 0.0  # the spool was full
        except (OSError, http.client.HTTPException, ValueError) as error:
            status, wait, answer = 0, 0.0, str(error) or type(error).__name__
        if status == 200:
            self.pause = self.first
            path.unlink(missing_ok=True)
            return True, 0.0
        self.close()
        log(f"{path.name}: {f'{status} ' if status else ''}{answer[:200]}")
        if status in NEVER_TAKEN:
            self.spool.refuse(path)
            return True, 0.0
        pause = max(random.uniform(self.pause / 2, self.pause), wait + random.uniform(0, min(wait / 4, 30)))
        self.pause = min(2 * self.pause, LONGEST_PAUSE)
        return False, pause

    def post(self, path, body):
        if self.connection is None:
            make = http.client.HTTPSConnection if self.context else http.client.HTTPConnection
            self.connection = make(self.url.hostname, self.url.port, timeout=30, **({"context": self.context} if self.context else {}))
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip", **({"Authorization": f"Bearer {self.key}"} if self.key else {})}
        self.connection.request("POST", self.url.path.rstrip("/") + path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status == 200 and json.loads(text).get("success") is not True:
            # A hotel's page is no server.
            return 0, 0.0, "the answer is not this server's"
        return answer.status, retry_after(answer.getheader("Retry-After"), time.time()), text.decode("utf-8", "replace").strip()

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def run(self, last):
        """Sends until it is told to stop, or until last is set and nothing waits."""
        while not self.stop.is_set():
            path = next(iter(self.spool.waiting()), None)
            if path is None:
                if last.is_set():
                    return
                with self.spool.added:
                    self.spool.added.wait(0.2)
                continue
            _, pause = self.send(path)
            self.stop.wait(pause)


def retry_after(value, now):
    """Seconds of a Retry-After, a number or a date; an hour at most."""
    try:
        seconds = float(value) if value and value.strip().isdigit() else email.utils.parsedate_to_datetime(value).timestamp() - now
    except (TypeError, ValueError):
        return 0.0
    return min(max(seconds, 0.0), 3600.0)


def identity(state):
    """The UUID of this sensor, for life."""
    path = state / "uuid"
    if not path.exists():
        temporary = path.with_suffix(".new")
        temporary.write_text(f"{uuid.uuid4()}\n")
        temporary.rename(path)
    return str(uuid.UUID(path.read_text().strip()))


def place(text):
    numbers = [float(part) for part in text.split(",")]
    if len(numbers) not in (2, 3) or abs(numbers[0]) > 90 or abs(numbers[1]) > 180:
        raise argparse.ArgumentTypeError("expected latitude,longitude or latitude,longitude,altitude")
    return dict(zip(("lat", "lon", "alt"), numbers))


def server(text):
    url = urllib.parse.urlsplit(text)
    if url.scheme not in ("http", "https") or not url.hostname or url.username:
        raise argparse.ArgumentTypeError("expected http://host:port or https://host:port")
    return text


def options_of(arguments):
    state = os.environ.get("STATE_DIRECTORY") or os.path.join(os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state"), "kismet-scanner")
    parser = argparse.ArgumentParser(description="Reports the Wi-Fi networks and Bluetooth devices around to a KismetOrleans server.")
    parser.add_argument("--server", type=server, required=True, metavar="URL", help="http://host:2501, or https://")
    parser.add_argument("--key-file", type=pathlib.Path, metavar="FILE", help="a key of the role scanreport; else the variable KISMET_KEY")
    parser.add_argument("--cacert", metavar="FILE", help="certificates that are trusted in place of the system's")
    parser.add_argument("--name", default=socket.gethostname(), help="name of the source; the host's")
    parser.add_argument("--interface", default="wlan0", help="what iw scans with; wlan0")
    parser.add_argument("--wifi", choices=["iw", "nmcli", "none"], help="what is asked; iw where it is installed")
    parser.add_argument("--no-bluetooth", action="store_true")
    parser.add_argument("--bluetooth-seconds", type=int, default=10, metavar="N", help="how long Bluetooth is listened to; 10")
    parser.add_argument("--place", type=place, metavar="LAT,LON[,ALT]", help="where this machine is")
    parser.add_argument("--every", type=float, default=30, metavar="SECONDS", help="from scan to scan; 30")
    parser.add_argument("--rounds", type=int, metavar="N", help="scan so often, send all, end; 0 sends what waits; without it for ever")
    parser.add_argument("--state", type=pathlib.Path, default=pathlib.Path(state), metavar="FOLDER", help="UUID and reports that wait; " + state)
    parser.add_argument("--spool-mb", type=float, default=64, metavar="N", help="room for reports that wait; 64")
    parser.add_argument("--retry", type=float, default=2, metavar="SECONDS", help="first pause after a failure, up to 300; 2")
    return parser.parse_args(arguments)


def main(arguments=None):
    options = options_of(arguments)
    options.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    sensor = identity(options.state)
    stop, last = threading.Event(), threading.Event()
    spool = Spool(options.state / "spool", int(options.spool_mb * 1024 * 1024))
    sender = Sender(options, spool, stop)
    scanner = Scanner(options) if options.rounds != 0 else None
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    thread = threading.Thread(target=sender.run, args=(last,))
    thread.start()
    rounds = 0
    while not stop.is_set() and rounds != options.rounds:
        begun = time.monotonic()
        for kind, reports in scanner.scan().items():
            for i in range(0, len(reports), REPORTS_A_POST):
                spool.add(kind, {"source_uuid": sensor, "source_name": options.name, "report_id": uuid.uuid4().hex, "reports": reports[i:i + REPORTS_A_POST]})
        rounds += 1
        if rounds != options.rounds:
            stop.wait(max(0.0, begun + options.every - time.monotonic()))
    last.set()
    thread.join()


if __name__ == "__main__":
    main()
