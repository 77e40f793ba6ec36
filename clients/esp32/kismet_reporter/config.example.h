/* Copy to config.h and fill in; config.h is not committed. */
#define WIFI_NAME "campus-iot"
#define WIFI_PASSWORD ""
#define SERVER_HOST "server.example.org"
#define SERVER_PORT 2501
/* A key of the role scanreport. */
#define SERVER_KEY ""
/* The certificate (PEM) of the authority that signed the server's; "" for a server without TLS, to which the key goes as it is. */
#define SERVER_CA ""
#define SENSOR_NAME "hall"
#define SCAN_EVERY_MS 30000
#define BLUETOOTH_SECONDS 5
/* Posts that wait in flash at most; each has up to 6 KB. */
#define MOST_POSTS 100
