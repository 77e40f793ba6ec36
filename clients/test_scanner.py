"""What scanner.py makes of the output of iw, nmcli and bluetoothctl, and how it keeps and repeats: in this folder, python3 -m unittest."""
import email.utils
import gzip
import json
import pathlib
import tempfile
import threading
import types
import unittest
from unittest import mock

import scanner

FIXTURES = pathlib.Path(__file__).parent / "fixtures"
NOW = 1_700_000_000.0


class Outputs(unittest.TestCase):
    def test_iw(self):
        output = (FIXTURES / "iw.txt").read_bytes()
        self.assertEqual(scanner.parse_iw(output, NOW), [
            {"timestamp": NOW - 0.12, "capabilities": "[RSN-PSK+FT/PSK+SAE-CCMP][MFPC][WPS][ESS]", "bssid": "02:00:00:00:10:01", "ssid": "café net ", "freqkhz": 2437000, "signal": -45},
            {"timestamp": NOW - 28, "capabilities": "[WPA-PSK-TKIP][RSN-EAP+EAP-SHA256-TKIP+CCMP][ESS]", "bssid": "02:00:00:00:10:02", "ssid": "\\xFF\\xFEold", "freqkhz": 5180000, "signal": -72},
            {"timestamp": NOW, "capabilities": "[RSN-EAP_SUITE_B_192-GCMP-256][MFPR][MFPC][ESS]", "bssid": "02:00:00:00:10:03", "ssid": "", "freqkhz": 5955000, "signal": -80},
            {"timestamp": NOW, "capabilities": "[WEP][IBSS]", "bssid": "02:00:00:00:10:04", "ssid": "a: b\\c", "freqkhz": 2412000},
            {"timestamp": NOW, "capabilities": "[ESS]", "bssid": "02:00:00:00:10:05", "ssid": "open", "freqkhz": 2412000, "signal": -60},
        ])
        # What was reported by the scan before is not again.
        self.assertNotIn("02:00:00:00:10:02", [report["bssid"] for report in scanner.parse_iw(output, NOW, NOW - 27)])
        self.assertEqual(scanner.parse_iw(b"\tSSID: of none\nBSS 02\nnoise \xff\n", NOW), [])

    def test_nmcli(self):
        reports = scanner.parse_nmcli((FIXTURES / "nmcli.txt").read_text(), NOW)
        self.assertEqual([(r["bssid"], r["ssid"], r["freqkhz"], r["capabilities"]) for r in reports], [
            ("02:00:00:00:20:01", "cafe\u0301 ", 2437000, "[RSN-PSK+SAE-CCMP][ESS]"),
            ("02:00:00:00:20:02", "old", 2412000, "[WPA-EAP-TKIP][RSN-EAP-TKIP+CCMP][ESS]"),
            ("02:00:00:00:20:03", "", 5955000, "[RSN-EAP_SUITE_B_192][ESS]"),
            ("02:00:00:00:20:04", "a", 2412000, "[WEP][IBSS]"),
            ("02:00:00:00:20:05", "open", 2412000, "[ESS]"),
            ("02:00:00:00:20:06", "owe", 5180000, "[RSN-OWE-CCMP][ESS]"),
        ])
        # Percent are no dBm.
        self.assertTrue(all("signal" not in report for report in reports))

    def test_bluetoothctl(self):
        self.assertEqual(scanner.parse_bluetoothctl((FIXTURES / "bluetoothctl.txt").read_text(), NOW), [
            {"timestamp": NOW, "btaddr": "C0:00:00:00:30:01", "name": "tag: one", "signal": -67},
            {"timestamp": NOW, "btaddr": "C0:00:00:00:30:02", "signal": -80, "txpowerlevel": 12, "name": "late"},
        ])


class Keeping(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name)

    def test_an_identity_is_for_life(self):
        first = scanner.identity(self.folder)
        self.assertEqual(first, scanner.identity(self.folder))

    def test_posts_come_back_in_their_order_also_when_the_clock_does_not_go_on(self):
        spool = scanner.Spool(self.folder, 1 << 20)
        with mock.patch("time.time_ns", side_effect=[1000, 900, 900]):
            for n in range(3):
                spool.add("wifi", {"n": n})
        again = scanner.Spool(self.folder, 1 << 20)
        self.assertEqual([json.loads(gzip.decompress(path.read_bytes()))["n"] for path in again.waiting()], [0, 1, 2])

    def test_a_full_spool_loses_the_oldest_and_writes_it_down(self):
        with mock.patch("scanner.log") as log:
            spool = scanner.Spool(self.folder, 100)
            for n in range(6):
                spool.add("wifi", {"n": n})
        kept = [json.loads(gzip.decompress(path.read_bytes()))["n"] for path in spool.waiting()]
        self.assertEqual(kept, list(range(6))[-len(kept):])
        self.assertEqual(log.call_count, 6 - len(kept))
        self.assertTrue(0 < len(kept) < 6)

    def sender(self, *answers):
        options = types.SimpleNamespace(server="http://localhost:1", key_file=None, retry=2.0, cacert=None)
        sender = scanner.Sender(options, scanner.Spool(self.folder, 1 << 20), threading.Event())
        sender.spool.add("wifi", {})
        sender.post = mock.Mock(side_effect=answers)
        return sender, sender.spool.waiting()[0]

    def test_what_failed_is_kept_and_tried_later_and_later(self):
        sender, path = self.sender(*[OSError("no route")] * 12, (200, 0.0, ""))
        with mock.patch("scanner.log"):
            pauses = [sender.send(path) for _ in range(12)]
        for n, (taken, pause) in enumerate(pauses):
            longest = min(2.0 * 2 ** n, scanner.LONGEST_PAUSE)
            self.assertFalse(taken)
            self.assertTrue(longest / 2 <= pause <= longest)
        self.assertTrue(path.exists())
        self.assertEqual(sender.send(path), (True, 0.0))
        self.assertFalse(path.exists())
        self.assertEqual(sender.pause, 2.0)

    def test_a_server_that_asks_for_time_gets_it(self):
        for status in (429, 503):
            sender, path = self.sender((status, 40.0, "later"))
            with mock.patch("scanner.log"):
                taken, pause = sender.send(path)
            self.assertFalse(taken)
            self.assertTrue(40 <= pause <= 50)

    def test_what_is_never_taken_makes_way_and_a_wrong_key_does_not(self):
        sender, path = self.sender((401, 0.0, "key"), (400, 0.0, "bad"))
        with mock.patch("scanner.log"):
            self.assertFalse(sender.send(path)[0])
            self.assertEqual(sender.send(path), (True, 0.0))
        self.assertEqual([sender.spool.waiting(), [kept.name for kept in sender.spool.refused.iterdir()]], [[], [path.name]])

    def test_retry_after_is_seconds_or_a_date(self):
        self.assertEqual(scanner.retry_after("7", NOW), 7)
        self.assertEqual(scanner.retry_after(email.utils.formatdate(NOW + 30, usegmt=True), NOW), 30)
        self.assertEqual(scanner.retry_after(email.utils.formatdate(NOW - 30, usegmt=True), NOW), 0)
        self.assertEqual([scanner.retry_after(value, NOW) for value in (None, "", "soon", "-5", "999999")], [0, 0, 0, 0, 3600])


if __name__ == "__main__":
    unittest.main()
