// A sensor of Wi-Fi networks and Bluetooth devices: an ESP32 (Arduino core 3) that reports to a KismetOrleans server. See docs/fleet.md.
#include <BLEDevice.h>
#include <LittleFS.h>
#include <WiFi.h>
#include <WiFiClientSecure.h>
#include <esp_mac.h>
#include <esp_random.h>

#include "config.h"
#include "reporter.h"

static char text[8192];
static uint8_t body[6144];
static char uuid[REPORTER_UUID];
static char id[REPORTER_ID];
static uint32_t started, posts;
static reporter_spool spool;
static reporter_server server = {SERVER_HOST, SERVER_KEY, 0, 2000};
static WiFiClient plain;
static WiFiClientSecure encrypted;
static Client &client = SERVER_CA[0] ? static_cast<Client &>(encrypted) : static_cast<Client &>(plain);
static uint32_t next_scan, next_send;

static int dial(void *) { return client.connect(SERVER_HOST, SERVER_PORT) ? 0 : -1; }

static int put(void *, const void *bytes, size_t length) { return client.write(static_cast<const uint8_t *>(bytes), length) == length ? 0 : -1; }

static int get(void *, void *bytes, size_t length) {
    for (uint32_t begun = millis(); client.available() == 0; delay(10)) {
        if (!client.connected()) {
            return 0;
        }
        if (millis() - begun > 20000) {
            return -1;
        }
    }
    return client.read(static_cast<uint8_t *>(bytes), length);
}

static void hang_up(void *) { client.stop(); }

static const reporter_link network = {nullptr, dial, put, get, hang_up};

static const char *word_of(wifi_auth_mode_t mode) {
    switch (mode) {
    case WIFI_AUTH_OPEN: return "OPEN";
    case WIFI_AUTH_WEP: return "WEP";
    case WIFI_AUTH_WPA_PSK: return "WPA_PSK";
    case WIFI_AUTH_WPA2_PSK: return "WPA2_PSK";
    case WIFI_AUTH_WPA_WPA2_PSK: return "WPA_WPA2_PSK";
    case WIFI_AUTH_WPA2_ENTERPRISE: return "WPA2_ENTERPRISE";
    case WIFI_AUTH_WPA3_PSK: return "WPA3_PSK";
    case WIFI_AUTH_WPA2_WPA3_PSK: return "WPA2_WPA3_PSK";
    case WIFI_AUTH_WAPI_PSK: return "WAPI_PSK";
    case WIFI_AUTH_OWE: return "OWE";
    case WIFI_AUTH_WPA3_ENT_192: return "WPA3_ENT_192";
    default: return "";
    }
}

// Begins a post; the server knows it by its id when it comes again.
static void begin(reporter_post &post) {
    snprintf(id, sizeof id, "%08lx-%lu", static_cast<unsigned long>(started), static_cast<unsigned long>(posts++));
    reporter_begin(&post, text, sizeof text, uuid, SENSOR_NAME, id);
}

static void keep(reporter_post &post, reporter_kind kind) {
    if (post.reports == 0) {
        return;
    }
    reporter_end(&post);
    size_t length = reporter_gzip(reinterpret_cast<const uint8_t *>(text), post.length, body, sizeof body);
    if (length == 0 || !reporter_keep(&spool, kind, body, length)) {
        Serial.println("a post could not be kept");
    }
}

static void scan_wifi() {
    int found = WiFi.scanNetworks(false, true);
    reporter_post post;
    begin(post);
    for (int i = 0; i < found; i++) {
        String name = WiFi.SSID(i);
        auto add = [&] {
            return reporter_wifi(&post, time(nullptr), WiFi.BSSID(i), reinterpret_cast<const uint8_t *>(name.c_str()), name.length(), word_of(WiFi.encryptionType(i)), WiFi.channel(i), WiFi.RSSI(i));
        };
        if (!add()) {
            keep(post, REPORTER_WIFI);
            begin(post);
            add();
        }
    }
    keep(post, REPORTER_WIFI);
    WiFi.scanDelete();
}

static void scan_bluetooth() {
    BLEScan *scan = BLEDevice::getScan();
    scan->setActiveScan(true);
    BLEScanResults *found = scan->start(BLUETOOTH_SECONDS, false);
    if (found == nullptr) {
        return;
    }
    reporter_post post;
    begin(post);
    for (int i = 0; i < found->getCount(); i++) {
        BLEAdvertisedDevice device = found->getDevice(i);
        String name = device.haveName() ? device.getName() : String();
        uint8_t address[6];
        unsigned part[6];
        if (sscanf(device.getAddress().toString().c_str(), "%x:%x:%x:%x:%x:%x", part, part + 1, part + 2, part + 3, part + 4, part + 5) != 6) {
            continue;
        }
        for (int j = 0; j < 6; j++) {
            address[j] = static_cast<uint8_t>(part[j]);
        }
        auto add = [&] { return reporter_bluetooth(&post, time(nullptr), address, name.c_str(), device.getRSSI()); };
        if (!add()) {
            keep(post, REPORTER_BLUETOOTH);
            begin(post);
            add();
        }
    }
    keep(post, REPORTER_BLUETOOTH);
    scan->clearResults();
}

// Sends the oldest post, if it is time.
static void send() {
    reporter_kind kind;
    size_t length;
    if (WiFi.status() != WL_CONNECTED || static_cast<int32_t>(millis() - next_send) < 0 || (length = reporter_oldest(&spool, &kind, body, sizeof body)) == 0) {
        return;
    }
    bool forget;
    reporter_answer answer = reporter_send(&server, &network, kind, body, length);
    next_send = millis() + reporter_after(&server, answer, esp_random(), &forget);
    if (answer.status != 200) {
        Serial.printf("not taken: %d, again in %ld ms\n", answer.status, static_cast<long>(next_send - millis()));
    }
    if (forget) {
        reporter_forget(&spool);
    }
}

void setup() {
    Serial.begin(115200);
    uint8_t mac[6];
    esp_efuse_mac_get_default(mac);
    reporter_uuid(uuid, mac);
    started = esp_random();
    if (!LittleFS.begin(true) || (!LittleFS.exists("/spool") && !LittleFS.mkdir("/spool")) || !reporter_open(&spool, "/littlefs/spool", MOST_POSTS)) {
        Serial.println("there is no flash to keep posts in");
        delay(10000);
        ESP.restart();
    }
    encrypted.setCACert(SERVER_CA);
    WiFi.mode(WIFI_STA);
    WiFi.begin(WIFI_NAME, WIFI_PASSWORD);
    configTime(0, 0, "pool.ntp.org");
    BLEDevice::init("");
    Serial.printf("sensor %s\n", uuid);
}

void loop() {
    // A report without a time is none: nothing is looked for before the clock was set.
    bool has_time = time(nullptr) > 1700000000;
    if (has_time && static_cast<int32_t>(millis() - next_scan) >= 0) {
        next_scan = millis() + SCAN_EVERY_MS;
        scan_wifi();
        scan_bluetooth();
    }
    send();
    delay(50);
}
