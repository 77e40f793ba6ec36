/* Tests of reporter.c on the machine that builds it: `test FOLDER`; `test gzip` compresses its standard input. */
#undef NDEBUG
#include "../kismet_reporter/reporter.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t mac[6] = {2, 0, 0, 0, 0x18, 1};

static void posts(void) {
    char uuid[REPORTER_UUID], text[512];
    reporter_uuid(uuid, mac);
    assert(strcmp(uuid, "4b69736d-6574-8000-8000-020000001801") == 0);
    reporter_post post;
    reporter_begin(&post, text, sizeof text, uuid, "h\"all", "5f3a-1");
    const uint8_t odd[] = {'c', 0xC3, 0xA9, '"', '\\', 1, 0xFF, 0xED, 0xA0, 0x80, 0xF0, 0x9F, 0x91, 0xBB};
    assert(reporter_wifi(&post, 1700000000, mac, odd, sizeof odd, "WPA2_PSK", 6, -50));
    assert(reporter_bluetooth(&post, 1700000001, mac, "", -70));
    reporter_end(&post);
    assert(strcmp(text,
                  "{\"source_uuid\":\"4b69736d-6574-8000-8000-020000001801\",\"report_id\":\"5f3a-1\",\"source_name\":\"h\\u0022all\",\"reports\":["
                  "{\"timestamp\":1700000000,\"bssid\":\"02:00:00:00:18:01\",\"signal\":-50,\"channel\":\"6\",\"capabilities\":\"WPA2_PSK\",\"ssid\":\"c\xC3\xA9\\u0022\\u005c\\u0001\\\\xFF\\\\xED\\\\xA0\\\\x80\xF0\x9F\x91\xBB\"},"
                  "{\"timestamp\":1700000001,\"btaddr\":\"02:00:00:00:18:01\",\"signal\":-70}]}") == 0);
    /* What does not fit is taken back whole. */
    reporter_begin(&post, text, 250, uuid, "x", "1");
    assert(reporter_bluetooth(&post, 1, mac, "", -70));
    size_t before = post.length;
    assert(!reporter_wifi(&post, 1, mac, odd, sizeof odd, "WPA2_PSK", 6, -50));
    assert(post.length == before && post.reports == 1);
    reporter_end(&post);
    assert(strlen(text) == post.length && strcmp(text + post.length - 3, "}]}") == 0);
}

static void spool(const char *folder) {
    reporter_spool s;
    uint8_t body[16];
    reporter_kind kind;
    assert(!reporter_open(&s, "/no/such/folder", 4));
    assert(reporter_open(&s, folder, 4) && reporter_oldest(&s, &kind, body, sizeof body) == 0);
    for (int i = 0; i < 6; i++) {
        uint8_t byte = (uint8_t)('a' + i);
        assert(reporter_keep(&s, i % 2 == 0 ? REPORTER_WIFI : REPORTER_BLUETOOTH, &byte, 1));
    }
    assert(s.lost == 2);
    /* After a restart they are there, the oldest first. */
    assert(reporter_open(&s, folder, 4));
    assert(reporter_keep(&s, REPORTER_WIFI, (const uint8_t *)"0123456789abcdefg", 17) && s.lost == 1);
    for (int i = 3; i < 6; i++) {
        assert(reporter_oldest(&s, &kind, body, sizeof body) == 1 && body[0] == 'a' + i && kind == (i % 2 == 0 ? REPORTER_WIFI : REPORTER_BLUETOOTH));
        reporter_forget(&s);
    }
    /* What does not fit makes way. */
    assert(reporter_oldest(&s, &kind, body, sizeof body) == 0 && s.lost == 2);
    assert(reporter_open(&s, folder, 4) && s.first == s.next);
}

typedef struct {
    const char *answer;
    size_t at, step;
    char sent[2048];
    size_t length;
    int opened, closed;
} script;

static int script_open(void *context) {
    script *s = context;
    s->opened++;
    return s->answer == NULL ? -1 : 0;
}

static int script_write(void *context, const void *bytes, size_t length) {
    script *s = context;
    memcpy(s->sent + s->length, bytes, length);
    s->length += length;
    return 0;
}

static int script_read(void *context, void *bytes, size_t length) {
    script *s = context;
    size_t n = strlen(s->answer) - s->at;
    n = n < length ? n : length;
    n = n < s->step ? n : s->step;
    memcpy(bytes, s->answer + s->at, n);
    s->at += n;
    return (int)n;
}

static void script_close(void *context) { ((script *)context)->closed++; }

static reporter_answer answered(const char *answer, size_t step) {
    script s = {.answer = answer, .step = step};
    reporter_server server = {.host = "h", .key = "k", .first_ms = 1000};
    reporter_link link = {&s, script_open, script_write, script_read, script_close};
    reporter_answer told = reporter_send(&server, &link, REPORTER_WIFI, (const uint8_t *)"body", 4);
    assert(s.closed == (answer != NULL));
    if (answer != NULL) {
        s.sent[s.length] = 0;
        assert(strncmp(s.sent, "POST /phy/phy80211/scan/scan_report.cmd HTTP/1.1\r\nHost: h\r\n", 59) == 0);
        assert(strstr(s.sent, "\r\nContent-Length: 4\r\n") && strstr(s.sent, "\r\nAuthorization: Bearer k\r\n\r\nbody"));
    }
    return told;
}

static void answers(void) {
    static const char taken[] = "HTTP/1.1 200 OK\r\nContent-Length: 52\r\n\r\n{\"status\": \"Scan report accepted\", \"success\": true}\n";
    for (size_t step = 1; step < sizeof taken; step++) {
        assert(answered(taken, step).status == 200);
    }
    for (size_t cut = 0; cut < sizeof taken - 1; cut++) {
        char part[sizeof taken];
        memcpy(part, taken, cut);
        part[cut] = 0;
        assert(answered(part, 7).status == 0);
    }
    assert(answered(NULL, 1).status == 0);
    assert(answered("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", 99).status == 0);
    reporter_answer later = answered("HTTP/1.1 429 Too Many Requests\r\nretry-AFTER:  7\r\nContent-Length: 0\r\n\r\n", 3);
    assert(later.status == 429 && later.retry_after_s == 7);
    assert(answered("HTTP/1.1 503 No\r\nRetry-After: 99999\r\nContent-Length: 0\r\n\r\n", 9).retry_after_s == 3600);
    assert(answered("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\nRetry-After: 9\r\n", 99).retry_after_s == 0);
}

static void pauses(void) {
    reporter_server server = {.host = "h", .key = "", .first_ms = 1000};
    bool forget;
    uint32_t longest = 1000;
    for (int i = 0; i < 20; i++) {
        uint32_t pause = reporter_after(&server, (reporter_answer){0, 0}, (uint32_t)rand(), &forget);
        assert(!forget && pause >= longest / 2 && pause <= longest);
        longest = longest * 2 > REPORTER_LONGEST_MS ? REPORTER_LONGEST_MS : longest * 2;
    }
    assert(reporter_after(&server, (reporter_answer){200, 0}, 1, &forget) == 0 && forget);
    for (int i = 0; i < 100; i++) {
        server.pause_ms = 0;
        uint32_t pause = reporter_after(&server, (reporter_answer){429, 40}, (uint32_t)rand(), &forget);
        assert(!forget && pause >= 40000 && pause <= 50000);
    }
    assert(reporter_after(&server, (reporter_answer){401, 0}, 1, &forget) > 0 && !forget);
    assert(reporter_after(&server, (reporter_answer){400, 0}, 1, &forget) == 0 && forget);
}

int main(int count, char **arguments) {
    if (count == 2 && strcmp(arguments[1], "gzip") == 0) {
        static uint8_t in[60000], out[80000];
        size_t length = reporter_gzip(in, fread(in, 1, sizeof in, stdin), out, sizeof out);
        assert(length > 0 && fwrite(out, 1, length, stdout) == length);
        assert(reporter_gzip(in, 1000, out, 20) == 0);
        return 0;
    }
    assert(count == 2);
    posts();
    spool(arguments[1]);
    answers();
    pauses();
    puts("all well");
    return 0;
}
