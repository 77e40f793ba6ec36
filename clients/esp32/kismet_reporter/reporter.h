/* A reporter of what an ESP32 hears to a KismetOrleans server: what does not depend on the ESP32. Plain C11, no memory but what is given. See docs/fleet.md. */
#ifndef REPORTER_H
#define REPORTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { REPORTER_UUID = 37, REPORTER_ID = 24, REPORTER_PATH = 160 };

typedef enum { REPORTER_WIFI, REPORTER_BLUETOOTH } reporter_kind;

/* A post while it is made. What does not fit is not begun: reporter_wifi and reporter_bluetooth say so. */
typedef struct {
    char *text;
    size_t room, length;
    unsigned reports;
} reporter_post;

/* The UUID of the sensor with this MAC address, for life, also when its flash is erased. */
void reporter_uuid(char uuid[REPORTER_UUID], const uint8_t mac[6]);

void reporter_begin(reporter_post *post, char *text, size_t room, const char *uuid, const char *name, const char *id);
/* False when there is no room for it. ssid is bytes; capabilities a word such as WPA2_PSK; address as it is printed. */
bool reporter_wifi(reporter_post *post, int64_t time, const uint8_t bssid[6], const uint8_t *ssid, size_t ssid_length, const char *capabilities, int channel, int dbm);
bool reporter_bluetooth(reporter_post *post, int64_t time, const uint8_t address[6], const char *name, int dbm);
void reporter_end(reporter_post *post);

/* Compresses. Returns the bytes written, 0 when there is no room. */
size_t reporter_gzip(const uint8_t *in, size_t length, uint8_t *out, size_t room);

/* Posts that wait in a folder of flash. */
typedef struct {
    const char *folder;
    uint32_t first, next; /* those from first to before next may be there */
    uint32_t most;        /* of them, at most */
    uint32_t lost;        /* that had to make way */
} reporter_spool;

/* Finds what is there. False when the folder cannot be read. */
bool reporter_open(reporter_spool *spool, const char *folder, uint32_t most);
/* Keeps a post. False when it could not be written. */
bool reporter_keep(reporter_spool *spool, reporter_kind kind, const uint8_t *body, size_t length);
/* The oldest one: bytes of it, 0 when there is none. A file that cannot be read, or does not fit, is removed and counted as lost. */
size_t reporter_oldest(reporter_spool *spool, reporter_kind *kind, uint8_t *body, size_t room);
/* The oldest one was taken. */
void reporter_forget(reporter_spool *spool);

/* A connection. Each returns less than 0 when it failed. */
typedef struct {
    void *context;
    int (*open)(void *context);
    int (*write)(void *context, const void *bytes, size_t length); /* all of them */
    int (*read)(void *context, void *bytes, size_t length);        /* 0 at the end */
    void (*close)(void *context);
} reporter_link;

typedef struct {
    const char *host, *key; /* key "" for none */
    uint32_t pause_ms;      /* the next pause after a failure; 0 before the first one */
    uint32_t first_ms;      /* the first */
} reporter_server;

enum { REPORTER_LONGEST_MS = 300000 };

typedef struct {
    int status;             /* 0: no answer of the server's */
    uint32_t retry_after_s; /* 0: none was given */
} reporter_answer;

/* Posts once. Taken only when the whole answer came and says so. */
reporter_answer reporter_send(const reporter_server *server, const reporter_link *link, reporter_kind kind, const uint8_t *body, size_t length);

/* What to do next: 0 for the next post at once, else the pause. forget: whether the post is done with, taken or never to be taken. random is any number. */
uint32_t reporter_after(reporter_server *server, reporter_answer answer, uint32_t random, bool *forget);

#ifdef __cplusplus
}
#endif
#endif
