/* What the sketch does, with POSIX sockets and made-up networks: `lossy PORT KEY FOLDER ROUNDS` keeps so many rounds of a post of three networks and one of two Bluetooth devices, then sends all. */
#include "../kismet_reporter/reporter.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

typedef struct {
    int port, socket;
} connection;

static int dial(void *context) {
    connection *c = context;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)c->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = 20};
    c->socket = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(c->socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(c->socket, (struct sockaddr *)&to, sizeof to) < 0) {
        close(c->socket);
        return -1;
    }
    return 0;
}

static int put_all(void *context, const void *bytes, size_t length) {
    for (size_t at = 0; at < length;) {
        ssize_t n = send(((connection *)context)->socket, (const char *)bytes + at, length - at, 0);
        if (n <= 0) {
            return -1;
        }
        at += (size_t)n;
    }
    return 0;
}

static int get(void *context, void *bytes, size_t length) { return (int)recv(((connection *)context)->socket, bytes, length, 0); }

static void hang_up(void *context) { close(((connection *)context)->socket); }

int main(int count, char **arguments) {
    static char text[4096];
    static uint8_t body[4096];
    uint8_t mac[6] = {2, 0, 0, 0, 0x18, 0};
    char uuid[REPORTER_UUID], id[REPORTER_ID];
    reporter_spool spool;
    if (count != 5 || !reporter_open(&spool, arguments[3], 1000)) {
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    unsigned start;
    if (getentropy(&start, sizeof start) != 0) {
        return 2;
    }
    srand(start);
    reporter_uuid(uuid, mac);
    for (int round = 0, number = 0; round < atoi(arguments[4]); round++) {
        for (reporter_kind kind = REPORTER_WIFI; kind <= REPORTER_BLUETOOTH; kind++) {
            reporter_post post;
            snprintf(id, sizeof id, "%08x-%d", start, number++);
            reporter_begin(&post, text, sizeof text, uuid, "esp32", id);
            for (mac[5] = 1; mac[5] <= (kind == REPORTER_WIFI ? 3 : 2); mac[5]++) {
                mac[0] = kind == REPORTER_WIFI ? 2 : 0xC0;
                if (!(kind == REPORTER_WIFI ? reporter_wifi(&post, time(NULL), mac, (const uint8_t *)"net", 3, "WPA2_PSK", 6, -50) : reporter_bluetooth(&post, time(NULL), mac, "tag", -60))) {
                    return 3;
                }
            }
            reporter_end(&post);
            size_t length = reporter_gzip((const uint8_t *)text, post.length, body, sizeof body);
            if (length == 0 || !reporter_keep(&spool, kind, body, length)) {
                return 4;
            }
        }
    }
    connection c = {.port = atoi(arguments[1])};
    reporter_server server = {.host = "127.0.0.1", .key = arguments[2], .first_ms = 20};
    reporter_link link = {&c, dial, put_all, get, hang_up};
    reporter_kind kind;
    size_t length;
    int refused = 0;
    while ((length = reporter_oldest(&spool, &kind, body, sizeof body)) > 0) {
        bool forget;
        reporter_answer answer = reporter_send(&server, &link, kind, body, length);
        uint32_t pause = reporter_after(&server, answer, (uint32_t)rand(), &forget);
        if (forget) {
            refused += answer.status != 200;
            reporter_forget(&spool);
        }
        usleep(pause * 1000);
    }
    printf("refused %d, lost %lu\n", refused, (unsigned long)spool.lost);
    return refused != 0 || spool.lost != 0;
}
