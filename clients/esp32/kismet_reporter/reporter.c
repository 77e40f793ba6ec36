#include "reporter.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <dirent.h>
#include <unistd.h>

/* ---- posts ---- */

/* Room that reporter_end needs. */
enum { TAIL = 3 };

void reporter_uuid(char uuid[REPORTER_UUID], const uint8_t mac[6]) {
    snprintf(uuid, REPORTER_UUID, "4b69736d-6574-8000-8000-%02x%02x%02x%02x%02x%02x", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
}

static bool put(reporter_post *post, const char *format, ...) {
    size_t room = post->room > post->length + TAIL ? post->room - post->length - TAIL : 0;
    va_list values;
    va_start(values, format);
    int length = vsnprintf(post->text + post->length, room, format, values);
    va_end(values);
    if (length < 0 || (size_t)length >= room) {
        return false;
    }
    post->length += (size_t)length;
    return true;
}

/* The length of the UTF-8 character here; 0 where there is none. */
static size_t character(const uint8_t *text, size_t length) {
    size_t bytes = text[0] < 0x80 ? 1 : text[0] >= 0xC2 && text[0] < 0xE0 ? 2 : (text[0] & 0xF0) == 0xE0 ? 3 : text[0] >= 0xF0 && text[0] < 0xF5 ? 4 : 0;
    if (bytes == 0 || bytes > length || (bytes > 2 && ((text[0] == 0xE0 && text[1] < 0xA0) || (text[0] == 0xED && text[1] > 0x9F) || (text[0] == 0xF0 && text[1] < 0x90) || (text[0] == 0xF4 && text[1] > 0x8F)))) {
        return 0;
    }
    for (size_t i = 1; i < bytes; i++) {
        if ((text[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return bytes;
}

/* A JSON string; what is no UTF-8 as the server writes it, \xFF. */
static bool put_text(reporter_post *post, const uint8_t *text, size_t length) {
    bool ok = put(post, "\"");
    for (size_t i = 0; ok && i < length;) {
        size_t bytes = character(text + i, length - i);
        if (bytes == 0) {
            ok = put(post, "\\\\x%02X", text[i]);
            bytes = 1;
        } else if (bytes == 1 && (text[i] < 0x20 || text[i] == 0x7F || text[i] == '"' || text[i] == '\\')) {
            ok = put(post, "\\u%04x", text[i]);
        } else {
            ok = put(post, "%.*s", (int)bytes, (const char *)text + i);
        }
        i += bytes;
    }
    return ok && put(post, "\"");
}

void reporter_begin(reporter_post *post, char *text, size_t room, const char *uuid, const char *name, const char *id) {
    *post = (reporter_post){.text = text, .room = room};
    put(post, "{\"source_uuid\":\"%s\",\"report_id\":\"%s\",\"source_name\":", uuid, id);
    put_text(post, (const uint8_t *)name, strlen(name));
    put(post, ",\"reports\":[");
}

static bool begin_report(reporter_post *post, int64_t time, const char *field, const uint8_t address[6], int dbm) {
    return put(post, "%s{\"timestamp\":%lld,\"%s\":\"%02X:%02X:%02X:%02X:%02X:%02X\",\"signal\":%d", post->reports == 0 ? "" : ",", (long long)time, field,
               address[0], address[1], address[2], address[3], address[4], address[5], dbm);
}

/* Ends a report, or takes it back whole. */
static bool end_report(reporter_post *post, size_t before, bool ok) {
    if (!ok || !put(post, "}")) {
        post->length = before;
        return false;
    }
    post->reports++;
    return true;
}

bool reporter_wifi(reporter_post *post, int64_t time, const uint8_t bssid[6], const uint8_t *ssid, size_t ssid_length, const char *capabilities, int channel, int dbm) {
    size_t before = post->length;
    bool ok = begin_report(post, time, "bssid", bssid, dbm) && put(post, ",\"channel\":\"%d\",\"capabilities\":\"%s\",\"ssid\":", channel, capabilities) && put_text(post, ssid, ssid_length);
    return end_report(post, before, ok);
}

bool reporter_bluetooth(reporter_post *post, int64_t time, const uint8_t address[6], const char *name, int dbm) {
    size_t before = post->length;
    bool ok = begin_report(post, time, "btaddr", address, dbm) && (name[0] == 0 || (put(post, ",\"name\":") && put_text(post, (const uint8_t *)name, strlen(name))));
    return end_report(post, before, ok);
}

void reporter_end(reporter_post *post) {
    memcpy(post->text + post->length, "]}", TAIL);
    post->length += TAIL - 1;
}

/* ---- gzip (RFC 1951 and 1952): one block of the fixed codes, which needs 2 KB for what it has seen and nothing else ---- */

typedef struct {
    uint8_t *out;
    size_t room, length;
    uint32_t bits;
    int count;
} bits_out;

static void put_bits(bits_out *b, uint32_t value, int count) {
    b->bits |= value << b->count;
    for (b->count += count; b->count >= 8; b->count -= 8, b->bits >>= 8) {
        if (b->length < b->room) {
            b->out[b->length] = (uint8_t)b->bits;
        }
        b->length++;
    }
}

/* Codes stand with their highest bit first. */
static void put_code(bits_out *b, uint32_t code, int count) {
    uint32_t turned = 0;
    for (int i = 0; i < count; i++) {
        turned |= (code >> i & 1) << (count - 1 - i);
    }
    put_bits(b, turned, count);
}

static void put_symbol(bits_out *b, unsigned symbol) {
    if (symbol < 144) {
        put_code(b, 0x30 + symbol, 8);
    } else if (symbol < 256) {
        put_code(b, 0x190 + symbol - 144, 9);
    } else if (symbol < 280) {
        put_code(b, symbol - 256, 7);
    } else {
        put_code(b, 0xC0 + symbol - 280, 8);
    }
}

static void put_match(bits_out *b, unsigned length, unsigned distance) {
    if (length == 258) {
        put_symbol(b, 285);
    } else {
        unsigned symbol = 257, base = 3, extra = 0;
        while (length >= base + (1u << extra)) {
            base += 1u << extra;
            symbol++;
            extra = symbol < 265 ? 0 : (symbol - 261) / 4;
        }
        put_symbol(b, symbol);
        put_bits(b, length - base, (int)extra);
    }
    unsigned code = 0, base = 1, extra = 0;
    while (distance >= base + (1u << extra)) {
        base += 1u << extra;
        code++;
        extra = code < 4 ? 0 : code / 2 - 1;
    }
    put_code(b, code, 5);
    put_bits(b, distance - base, (int)extra);
}

static uint32_t crc_of(const uint8_t *in, size_t length) {
    uint32_t crc = 0xFFFFFFFF;
    for (size_t i = 0; i < length; i++) {
        crc ^= in[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (0xEDB88320 & (0 - (crc & 1)));
        }
    }
    return ~crc;
}

size_t reporter_gzip(const uint8_t *in, size_t length, uint8_t *out, size_t room) {
    enum { SLOTS = 1024, FARTHEST = 32768 };
    static uint16_t seen[SLOTS]; /* where three bytes stood last, plus one */
    static const uint8_t head[10] = {0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255};
    if (room < sizeof head || length > UINT16_MAX - 1) {
        return 0;
    }
    memcpy(out, head, sizeof head);
    memset(seen, 0, sizeof seen);
    bits_out b = {.out = out, .room = room, .length = sizeof head};
    put_bits(&b, 3, 3); /* the last block, of the fixed codes */
    for (size_t i = 0; i < length;) {
        unsigned match = 0;
        size_t from = 0;
        if (i + 3 <= length) {
            uint32_t hash = ((uint32_t)in[i] << 16 | (uint32_t)in[i + 1] << 8 | in[i + 2]) * 2654435761u >> 22;
            from = seen[hash];
            seen[hash] = (uint16_t)(i + 1);
            if (from > 0 && i + 1 - from <= FARTHEST) {
                while (match < 258 && i + match < length && in[from - 1 + match] == in[i + match]) {
                    match++;
                }
            }
        }
        if (match >= 4) {
            put_match(&b, match, (unsigned)(i + 1 - from));
            i += match;
        } else {
            put_symbol(&b, in[i++]);
        }
    }
    put_symbol(&b, 256);
    if (b.count > 0) {
        put_bits(&b, 0, 8 - b.count);
    }
    uint32_t crc = crc_of(in, length), size = (uint32_t)length;
    for (int i = 0; i < 4; i++) {
        put_bits(&b, crc >> (8 * i) & 0xFF, 8);
    }
    for (int i = 0; i < 4; i++) {
        put_bits(&b, size >> (8 * i) & 0xFF, 8);
    }
    return b.length <= room ? b.length : 0;
}

/* ---- the spool: a file a post, of its number and kind ---- */

static void path_of(const reporter_spool *spool, uint32_t number, const char *end, char path[REPORTER_PATH]) {
    snprintf(path, REPORTER_PATH, "%s/%08lx.%s", spool->folder, (unsigned long)number, end);
}

bool reporter_open(reporter_spool *spool, const char *folder, uint32_t most) {
    *spool = (reporter_spool){.folder = folder, .most = most};
    DIR *entries = opendir(folder);
    if (entries == NULL) {
        return false;
    }
    bool any = false;
    for (struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        char *end;
        uint32_t number = (uint32_t)strtoul(entry->d_name, &end, 16);
        if (end == entry->d_name + 8 && (strcmp(end, ".w") == 0 || strcmp(end, ".b") == 0)) {
            spool->first = !any || number < spool->first ? number : spool->first;
            spool->next = !any || number >= spool->next ? number + 1 : spool->next;
            any = true;
        }
    }
    closedir(entries);
    return true;
}

static bool remove_one(reporter_spool *spool, uint32_t number) {
    char path[REPORTER_PATH];
    path_of(spool, number, "w", path);
    bool any = remove(path) == 0;
    path_of(spool, number, "b", path);
    return remove(path) == 0 || any;
}

bool reporter_keep(reporter_spool *spool, reporter_kind kind, const uint8_t *body, size_t length) {
    char temporary[REPORTER_PATH], path[REPORTER_PATH];
    while (spool->next - spool->first >= spool->most) {
        spool->lost += remove_one(spool, spool->first++);
    }
    path_of(spool, spool->next, "tmp", temporary);
    path_of(spool, spool->next, kind == REPORTER_WIFI ? "w" : "b", path);
    FILE *file = fopen(temporary, "wb");
    if (file == NULL) {
        return false;
    }
    bool ok = fwrite(body, 1, length, file) == length && fflush(file) == 0 && fsync(fileno(file)) == 0;
    ok = fclose(file) == 0 && ok;
    if (!ok || rename(temporary, path) != 0) {
        remove(temporary);
        return false;
    }
    spool->next++;
    return true;
}

size_t reporter_oldest(reporter_spool *spool, reporter_kind *kind, uint8_t *body, size_t room) {
    for (; spool->first != spool->next; spool->first++) {
        for (int i = 0; i < 2; i++) {
            char path[REPORTER_PATH];
            path_of(spool, spool->first, i == 0 ? "w" : "b", path);
            FILE *file = fopen(path, "rb");
            if (file == NULL) {
                continue;
            }
            size_t length = fread(body, 1, room, file);
            bool ok = length > 0 && !ferror(file) && fgetc(file) == EOF;
            fclose(file);
            if (ok) {
                *kind = i == 0 ? REPORTER_WIFI : REPORTER_BLUETOOTH;
                return length;
            }
            remove(path);
            spool->lost++;
        }
    }
    return 0;
}

void reporter_forget(reporter_spool *spool) {
    remove_one(spool, spool->first++);
}

/* ---- HTTP ---- */

/* The value of a header, up to its line's end; NULL where it is not. The head ends with an empty line. */
static const char *header(const char *head, const char *name) {
    size_t length = strlen(name);
    for (const char *line = strstr(head, "\r\n"); line != NULL && line[2] != '\r'; line = strstr(line + 2, "\r\n")) {
        size_t i = 0;
        while (i < length && tolower((unsigned char)line[2 + i]) == name[i]) {
            i++;
        }
        if (i == length && line[2 + i] == ':') {
            const char *value = line + 3 + i;
            return value + strspn(value, " \t");
        }
    }
    return NULL;
}

static reporter_answer exchange(const reporter_server *server, const reporter_link *link, reporter_kind kind, const uint8_t *body, size_t length) {
    reporter_answer none = {0, 0};
    char text[1024];
    int head = snprintf(text, sizeof text,
                        "POST /phy/%s/scan/scan_report.cmd HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: %lu\r\n%s%s%s\r\n",
                        kind == REPORTER_WIFI ? "phy80211" : "phybluetooth", server->host, (unsigned long)length, server->key[0] ? "Authorization: Bearer " : "", server->key, server->key[0] ? "\r\n" : "");
    if (head < 0 || (size_t)head >= sizeof text || link->write(link->context, text, (size_t)head) < 0 || link->write(link->context, body, length) < 0) {
        return none;
    }
    /* What is longer is not this server's; it is read no further. */
    size_t got = 0;
    int read;
    const char *end = NULL;
    unsigned long rest = 0;
    while (got < sizeof text - 1 && (read = link->read(link->context, text + got, sizeof text - 1 - got)) > 0) {
        got += (size_t)read;
        text[got] = 0;
        if (end == NULL && (end = strstr(text, "\r\n\r\n")) != NULL) {
            end += 4;
            const char *told = header(text, "content-length");
            rest = told != NULL ? strtoul(told, NULL, 10) : sizeof text;
        }
        if (end != NULL && got - (size_t)(end - text) >= rest) {
            break;
        }
    }
    int status;
    if (end == NULL || sscanf(text, "HTTP/1.%*d %d", &status) != 1) {
        return none;
    }
    if (status == 200 && (got - (size_t)(end - text) < rest || strstr(end, "\"success\": true") == NULL)) {
        return none; /* cut, or of somebody else */
    }
    const char *wait = header(text, "retry-after");
    unsigned long seconds = wait != NULL && isdigit((unsigned char)*wait) ? strtoul(wait, NULL, 10) : 0;
    return (reporter_answer){status, seconds > 3600 ? 3600 : (uint32_t)seconds};
}

reporter_answer reporter_send(const reporter_server *server, const reporter_link *link, reporter_kind kind, const uint8_t *body, size_t length) {
    reporter_answer answer = {0, 0};
    if (link->open(link->context) >= 0) {
        answer = exchange(server, link, kind, body, length);
        link->close(link->context);
    }
    return answer;
}

uint32_t reporter_after(reporter_server *server, reporter_answer answer, uint32_t random, bool *forget) {
    *forget = answer.status == 200 || answer.status == 400 || answer.status == 413 || answer.status == 415;
    if (*forget) {
        server->pause_ms = 0;
        return 0;
    }
    uint32_t longest = server->pause_ms == 0 ? server->first_ms : server->pause_ms;
    server->pause_ms = longest >= REPORTER_LONGEST_MS / 2 ? REPORTER_LONGEST_MS : 2 * longest;
    uint32_t pause = longest / 2 + random % (longest / 2 + 1);
    uint32_t asked = answer.retry_after_s * 1000;
    uint32_t spread = asked / 4 > 30000 ? 30000 : asked / 4;
    asked += random % (spread + 1);
    return asked > pause ? asked : pause;
}
