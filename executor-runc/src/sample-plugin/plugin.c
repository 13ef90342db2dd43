/*
 * Patchbay's sample plugin: a small HTTP/1.1 server on a unix socket, linked statically so that its root file system
 * needs no other file. It answers
 *
 *   POST /Plugin.Activate   {"Implements":["dummy"]}
 *   POST /Sample.Echo       the body it was sent
 *   POST /Sample.Env        its SAMPLE_ variables as a JSON object
 *   POST /Sample.Exit       nothing: it ends with the exit code in the body
 *   POST /Sample.Hang       nothing, ever
 *   POST /Sample.Metrics    what it reads at the host's metrics socket
 *   POST /MetricsCollector.StartMetrics, /MetricsCollector.StopMetrics
 *                           that it is fine
 *   POST /Sample.Probe      what the kernel lets it do, as a JSON object of error numbers, 0 for success
 *   POST /Sample.Memory     how many megabytes it now uses more, as the body asked
 *   POST /Sample.ChildMemory
 *                           the same, in a child that ends then
 *   POST /AuthZPlugin.AuthZReq, /AuthZPlugin.AuthZRes
 *                           whether the RequestUri in the body lacks SAMPLE_DENY_URI, or SAMPLE_DENY_ANSWER
 *
 * and 404 to anything else. The variables in config.json make it misbehave. One thread, one poll loop: a client that
 * sends rubbish or nothing costs its own connection and no other.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SOCKET_PATH "/run/docker/plugins/sample.sock"
#define VOLUMES "/mnt/volumes"
#define CONTENT_TYPE "application/vnd.docker.plugins.v1.2+json"
#define MAX_CONNECTIONS 128
#define MAX_HEAD 16384
#define MAX_BODY (4u << 20)

extern char **environ;

struct buffer {
    char *data;
    size_t length, capacity;
};

struct connection {
    int fd;
    struct buffer in, out;
    size_t sent;
    bool closing; /* once everything is sent */
    bool hung;    /* reads on, so that it sees the end, but answers no more */
};

struct request {
    const char *method, *path;
    size_t method_length, path_length;
    const char *body;
    size_t body_length;
    size_t consumed;
    bool keep_alive, expects_continue;
};

enum parse { PARSED, INCOMPLETE, BAD_REQUEST = 400, TOO_LARGE = 413, HEAD_TOO_LARGE = 431, NOT_IMPLEMENTED = 501 };

static struct connection connections[MAX_CONNECTIONS];
static int connection_count;
static bool quiet;
static volatile sig_atomic_t term_received;

static void on_term(int number) {
    (void) number;
    term_received = 1;
}

static const char *setting(const char *name) {
    const char *value = getenv(name);
    return value ? value : "";
}

static long number_setting(const char *name, long fallback) {
    const char *text = setting(name);
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || errno || value < 0) {
        if (*text != '\0') {
            fprintf(stderr, "sample: %s=%s is not a number, using %ld\n", name, text, fallback);
        }
        return fallback;
    }
    return value;
}

static int64_t now_ms(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t) time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static bool append(struct buffer *buffer, const void *data, size_t length) {
    if (buffer->capacity - buffer->length < length) {
        size_t capacity = (buffer->length + length) * 2 + 256;
        char *grown = realloc(buffer->data, capacity);
        if (!grown) {
            return false;
        }
        buffer->data = grown;
        buffer->capacity = capacity;
    }
    if (length > 0) {
        memcpy(buffer->data + buffer->length, data, length);
        buffer->length += length;
    }
    return true;
}

/* ---- requests ---- */

static bool header_is(const char *line, size_t length, const char *name, const char **value, size_t *value_length) {
    size_t n = strlen(name);
    if (length <= n || strncasecmp(line, name, n) != 0 || line[n] != ':') {
        return false;
    }
    const char *start = line + n + 1, *end = line + length;
    while (start < end && (*start == ' ' || *start == '\t')) start++;
    while (end > start && (end[-1] == ' ' || end[-1] == '\t')) end--;
    *value = start;
    *value_length = (size_t) (end - start);
    return true;
}

static bool same(const char *text, size_t length, const char *expected) {
    return length == strlen(expected) && strncasecmp(text, expected, length) == 0;
}

static bool parse_length(const char *text, size_t length, int base, size_t *result) {
    size_t value = 0;
    if (length == 0) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        int digit = text[i] >= '0' && text[i] <= '9'   ? text[i] - '0'
                    : text[i] >= 'a' && text[i] <= 'f' ? text[i] - 'a' + 10
                    : text[i] >= 'A' && text[i] <= 'F' ? text[i] - 'A' + 10
                                                       : 99;
        if (digit >= base) {
            return false;
        }
        if (value <= MAX_BODY) { /* saturates: anything beyond is too large anyway */
            value = value * (size_t) base + (size_t) digit;
        }
    }
    *result = value;
    return true;
}

/* Joins the chunks of a body in place; the raw chunks are overwritten only when all of them have arrived. */
static enum parse parse_chunks(char *start, size_t available, struct request *request) {
    for (int pass = 0; pass < 2; pass++) {
        size_t at = 0, total = 0;
        for (;;) {
            char *line_end = memmem(start + at, available - at, "\r\n", 2);
            if (!line_end) {
                return available - at > 1024 ? BAD_REQUEST : INCOMPLETE;
            }
            size_t line = (size_t) (line_end - (start + at)), digits = 0, size;
            while (digits < line && start[at + digits] != ';') digits++;
            if (!parse_length(start + at, digits, 16, &size)) {
                return BAD_REQUEST;
            }
            if (size > MAX_BODY || total + size > MAX_BODY) {
                return TOO_LARGE;
            }
            at += line + 2;
            if (size == 0) {
                break;
            }
            if (available - at < size + 2) {
                return INCOMPLETE;
            }
            if (memcmp(start + at + size, "\r\n", 2) != 0) {
                return BAD_REQUEST;
            }
            if (pass == 1) {
                memmove(start + total, start + at, size);
            }
            total += size;
            at += size + 2;
        }
        for (;;) { /* trailers, up to the empty line */
            char *line_end = memmem(start + at, available - at, "\r\n", 2);
            if (!line_end) {
                return available - at > MAX_HEAD ? HEAD_TOO_LARGE : INCOMPLETE;
            }
            bool empty = line_end == start + at;
            at = (size_t) (line_end - start) + 2;
            if (empty) {
                break;
            }
        }
        request->body = start;
        request->body_length = total;
        request->consumed = at;
    }
    return PARSED;
}

static enum parse parse_request(struct connection *connection, struct request *request) {
    char *data = connection->in.data;
    size_t length = connection->in.length;
    memset(request, 0, sizeof *request);
    char *head_end = length ? memmem(data, length, "\r\n\r\n", 4) : NULL;
    if (!head_end) {
        return length > MAX_HEAD ? HEAD_TOO_LARGE : INCOMPLETE;
    }
    size_t head = (size_t) (head_end - data) + 4;
    if (head > MAX_HEAD) {
        return HEAD_TOO_LARGE;
    }
    char *line_end = memmem(data, head, "\r\n", 2);
    char *space = memchr(data, ' ', (size_t) (line_end - data));
    char *space2 = space ? memchr(space + 1, ' ', (size_t) (line_end - space - 1)) : NULL;
    if (!space2 || space == data || line_end - space2 != 9 || memcmp(space2 + 1, "HTTP/1.", 7) != 0) {
        return BAD_REQUEST;
    }
    request->method = data;
    request->method_length = (size_t) (space - data);
    request->path = space + 1;
    request->path_length = (size_t) (space2 - space - 1);
    request->keep_alive = space2[8] == '1';

    bool chunked = false, has_length = false;
    size_t body = 0;
    for (char *line = line_end + 2; line < head_end + 2; line = line_end + 2) {
        line_end = memmem(line, (size_t) (data + head - line), "\r\n", 2);
        size_t n = (size_t) (line_end - line), value_length;
        const char *value;
        if (header_is(line, n, "Content-Length", &value, &value_length)) {
            size_t parsed;
            if (!parse_length(value, value_length, 10, &parsed) || (has_length && parsed != body)) {
                return BAD_REQUEST;
            }
            body = parsed;
            has_length = true;
        } else if (header_is(line, n, "Transfer-Encoding", &value, &value_length)) {
            if (!same(value, value_length, "chunked")) {
                return NOT_IMPLEMENTED;
            }
            chunked = true;
        } else if (header_is(line, n, "Connection", &value, &value_length)) {
            if (same(value, value_length, "close")) request->keep_alive = false;
            if (same(value, value_length, "keep-alive")) request->keep_alive = true;
        } else if (header_is(line, n, "Expect", &value, &value_length)) {
            request->expects_continue = same(value, value_length, "100-continue");
        }
    }
    if (chunked) {
        return has_length ? BAD_REQUEST : parse_chunks(data + head, length - head, request);
    }
    if (body > MAX_BODY) {
        return TOO_LARGE;
    }
    if (length - head < body) {
        return INCOMPLETE;
    }
    request->body = data + head;
    request->body_length = body;
    request->consumed = head + body;
    return PARSED;
}

/* ---- answers ---- */

static const char *reason(int status) {
    switch (status) {
    case 200: return "OK";
    case 400: return "Bad Request";
    case 404: return "Not Found";
    case 413: return "Content Too Large";
    case 431: return "Request Header Fields Too Large";
    default: return "Not Implemented";
    }
}

static void answer(struct connection *connection, int status, const char *body, size_t length, bool keep_alive) {
    char head[256];
    int n = snprintf(head, sizeof head, "HTTP/1.1 %d %s\r\nContent-Type: " CONTENT_TYPE "\r\nContent-Length: %zu\r\n%s\r\n",
                     status, reason(status), length, keep_alive ? "" : "Connection: close\r\n");
    connection->closing = !append(&connection->out, head, (size_t) n)
                          || !append(&connection->out, body, length) || !keep_alive;
    if (!quiet) {
        fprintf(stderr, "sample: answered %d with %zu bytes\n", status, length);
    }
}

static void answer_text(struct connection *connection, int status, const char *body, bool keep_alive) {
    answer(connection, status, body, strlen(body), keep_alive);
}

static void append_json(struct buffer *buffer, const char *text, size_t length) {
    char escaped[8];
    append(buffer, "\"", 1);
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char) text[i];
        if (c == '"' || c == '\\' || c < 0x20) {
            append(buffer, escaped, (size_t) snprintf(escaped, sizeof escaped, "\\u%04x", c));
        } else {
            append(buffer, &text[i], 1);
        }
    }
    append(buffer, "\"", 1);
}

static void answer_environment(struct connection *connection, bool keep_alive) {
    struct buffer json = {0};
    append(&json, "{", 1);
    for (char **entry = environ; *entry; entry++) {
        char *equals = strchr(*entry, '=');
        if (strncmp(*entry, "SAMPLE_", 7) != 0 || !equals) {
            continue;
        }
        if (json.length > 1) {
            append(&json, ",", 1);
        }
        append_json(&json, *entry, (size_t) (equals - *entry));
        append(&json, ":", 1);
        append_json(&json, equals + 1, strlen(equals + 1));
    }
    append(&json, "}\n", 2);
    answer(connection, 200, json.data, json.length, keep_alive);
    free(json.data);
}

/* What stands in a JSON object as the text of a key; nothing if there is no such text. Escapes stay as they are. */
static const char *find_text(const struct request *request, const char *key, size_t *length) {
    const char *end = request->body + request->body_length;
    const char *text = request->body_length ? memmem(request->body, request->body_length, key, strlen(key)) : NULL;
    *length = 0;
    if (!text) {
        return "";
    }
    text += strlen(key);
    while (text + *length < end && text[*length] != '"') {
        *length += text[*length] == '\\' && text + *length + 1 < end ? 2 : 1;
    }
    return text;
}

static void answer_authorization(struct connection *connection, const struct request *request, const char *denied) {
    size_t uri_length, user_length;
    const char *uri = find_text(request, "\"RequestUri\":\"", &uri_length);
    const char *user = find_text(request, "\"User\":\"", &user_length);
    bool allow = *denied == '\0' || !memmem(uri, uri_length, denied, strlen(denied));
    if (!quiet) {
        printf("sample: %s %.*s for \"%.*s\"\n", allow ? "allowed" : "denied", (int) uri_length, uri,
               (int) user_length, user);
    }
    struct buffer message = {0}, json = {0};
    append(&message, "no ", 3);
    append(&message, denied, strlen(denied));
    append(&message, " here", 5);
    append(&json, "{\"Allow\":", 9);
    append(&json, allow ? "true" : "false,\"Msg\":", allow ? 4 : 12);
    if (!allow) {
        append_json(&json, message.data, message.length);
    }
    append(&json, "}\n", 2);
    answer(connection, 200, json.data, json.length, request->keep_alive);
    free(message.data);
    free(json.data);
}

static bool is_call(const struct request *request, const char *path) {
    return same(request->method, request->method_length, "POST") && request->path_length == strlen(path)
           && memcmp(request->path, path, request->path_length) == 0;
}

static void log_request(const struct request *request) {
    char path[128];
    size_t n = request->path_length < sizeof path - 1 ? request->path_length : sizeof path - 1;
    for (size_t i = 0; i < n; i++) {
        char c = request->path[i];
        path[i] = c > ' ' && c < 0x7f ? c : '?';
    }
    path[n] = '\0';
    printf("sample: request %s with %zu bytes\n", path, request->body_length);
}

#define MOST_CHILDREN 256

/* How many children it can have at once, 256 at most; they end at once. */
static int count_forks(void) {
    pid_t children[MOST_CHILDREN];
    int count = 0;
    while (count < MOST_CHILDREN && (children[count] = fork()) >= 0) {
        if (children[count] == 0) {
            for (;;) pause();
        }
        count++;
    }
    for (int i = 0; i < count; i++) {
        kill(children[i], SIGKILL);
        waitpid(children[i], NULL, 0);
    }
    return count;
}

static int error_of_writing(const char *path) {
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        return errno;
    }
    close(fd);
    unlink(path);
    return 0;
}

static int error_of_unsharing(void) {
    pid_t child = fork(); /* so that it stays where it is if it may */
    if (child == 0) {
        _exit(unshare(CLONE_NEWUTS) == 0 ? 0 : errno);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return child < 0 ? errno : WEXITSTATUS(status);
}

static void answer_probe(struct connection *connection, bool keep_alive) {
    char json[512];
    long keyctl = syscall(SYS_keyctl, 0 /* KEYCTL_GET_KEYRING_ID */, -4 /* the user's */, 0);
    int keyctl_error = keyctl < 0 ? errno : 0;
    int n = snprintf(json, sizeof json,
                     "{\"keyctl\":%d,\"unshare\":%d,\"rootfs\":%d,\"socketFolder\":%d,\"volumes\":%d,"
                     "\"noNewPrivileges\":%d,\"forks\":%d}\n",
                     keyctl_error, error_of_unsharing(), error_of_writing("/probe"),
                     error_of_writing("/run/docker/plugins/probe"), error_of_writing(VOLUMES "/probe"),
                     prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), count_forks());
    answer(connection, 200, json, (size_t) n, keep_alive);
}

#define METRICS_SOCKET "/run/docker/metrics.sock"

/* As a collector does: connects, asks, and reads to the end. */
static void answer_metrics(struct connection *connection, bool keep_alive) {
    static const char ask[] = "GET /metrics HTTP/1.1\r\nHost: metrics\r\nConnection: close\r\n\r\n";
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = METRICS_SOCKET};
    struct buffer text = {0};
    char chunk[16384];
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *) &address, sizeof address) < 0
        || write(fd, ask, sizeof ask - 1) < 0) {
        int n = snprintf(chunk, sizeof chunk, "{\"Err\":\"%s: %s\"}\n", METRICS_SOCKET, strerror(errno));
        answer(connection, 500, chunk, (size_t) n, keep_alive);
    } else {
        ssize_t n;
        while (text.length < MAX_BODY && (n = read(fd, chunk, sizeof chunk)) > 0 && append(&text, chunk, (size_t) n)) {}
        answer(connection, 200, text.data, text.length, keep_alive);
    }
    if (fd >= 0) close(fd);
    free(text.data);
}

static void use_memory(long megabytes) {
    for (long i = 0; i < megabytes; i++) {
        char *block = malloc(1 << 20);
        if (!block) {
            fprintf(stderr, "sample: no memory left after %ld MB\n", i);
            return;
        }
        memset(block, (int) i | 1, 1 << 20);
        __asm__ volatile("" : : "r"(block) : "memory"); /* keeps the compiler from leaving the block out */
    }
}

static long megabytes(const struct request *request) {
    size_t megabytes, digits = 0;
    while (digits < request->body_length && request->body[digits] >= '0' && request->body[digits] <= '9') digits++;
    return parse_length(request->body, digits, 10, &megabytes) ? (long) megabytes : 0;
}

static void serve(struct connection *connection, const struct request *request) {
    if (!quiet) {
        log_request(request);
    }
    if (is_call(request, "/Plugin.Activate")) {
        answer_text(connection, 200, "{\"Implements\":[\"dummy\"]}\n", request->keep_alive);
    } else if (is_call(request, "/Sample.Echo")) {
        answer(connection, 200, request->body, request->body_length, request->keep_alive);
    } else if (is_call(request, "/Sample.Env")) {
        answer_environment(connection, request->keep_alive);
    } else if (is_call(request, "/AuthZPlugin.AuthZReq")) {
        answer_authorization(connection, request, setting("SAMPLE_DENY_URI"));
    } else if (is_call(request, "/AuthZPlugin.AuthZRes")) {
        answer_authorization(connection, request, setting("SAMPLE_DENY_ANSWER"));
    } else if (is_call(request, "/MetricsCollector.StartMetrics") || is_call(request, "/MetricsCollector.StopMetrics")) {
        answer_text(connection, 200, "{\"Err\":\"\"}\n", request->keep_alive);
    } else if (is_call(request, "/Sample.Metrics")) {
        answer_metrics(connection, request->keep_alive);
    } else if (is_call(request, "/Sample.Probe")) {
        answer_probe(connection, request->keep_alive);
    } else if (is_call(request, "/Sample.Memory")) {
        use_memory(megabytes(request));
        answer_text(connection, 200, "{}\n", request->keep_alive);
    } else if (is_call(request, "/Sample.ChildMemory")) {
        pid_t child = fork();
        if (child == 0) {
            use_memory(megabytes(request));
            _exit(0);
        }
        waitpid(child, NULL, 0);
        answer_text(connection, 200, "{}\n", request->keep_alive);
    } else if (is_call(request, "/Sample.Hang")) {
        connection->hung = true;
    } else if (is_call(request, "/Sample.Exit")) {
        size_t code;
        if (parse_length(request->body, request->body_length, 10, &code) && code < 256) {
            fprintf(stderr, "sample: ending with code %zu as asked\n", code);
            exit((int) code);
        }
        answer_text(connection, 400, "{\"Err\":\"the body must be a number from 0 to 255\"}\n", request->keep_alive);
    } else {
        answer_text(connection, 404, "{\"Err\":\"no such method\"}\n", request->keep_alive);
    }
}

/* ---- connections ---- */

static void serve_all(struct connection *connection) {
    struct request request;
    while (!connection->closing && !connection->hung && connection->out.length - connection->sent < MAX_BODY) {
        enum parse result = parse_request(connection, &request);
        if (result == INCOMPLETE) {
            if (request.expects_continue && connection->out.length == connection->sent) {
                connection->closing = !append(&connection->out, "HTTP/1.1 100 Continue\r\n\r\n", 25);
                /* said once: the header must not be found again when the body arrives */
                char *expect = memmem(connection->in.data, connection->in.length, "100-", 4);
                if (expect) memcpy(expect, "sent", 4);
            }
            return;
        }
        if (result != PARSED) {
            answer_text(connection, (int) result, "{\"Err\":\"cannot read this request\"}\n", false);
            return;
        }
        serve(connection, &request);
        size_t rest = connection->in.length - request.consumed;
        memmove(connection->in.data, connection->in.data + request.consumed, rest);
        connection->in.length = rest;
    }
}

/* Returns false when the connection is over. */
static bool read_some(struct connection *connection) {
    char chunk[16384];
    ssize_t n = read(connection->fd, chunk, sizeof chunk);
    if (n < 0) {
        return errno == EAGAIN || errno == EINTR;
    }
    if (n == 0) {
        return false;
    }
    if (connection->hung) {
        return true;
    }
    return append(&connection->in, chunk, (size_t) n);
}

static bool write_some(struct connection *connection) {
    while (connection->sent < connection->out.length) {
        ssize_t n = send(connection->fd, connection->out.data + connection->sent,
                         connection->out.length - connection->sent, MSG_NOSIGNAL);
        if (n < 0) {
            return errno == EAGAIN || errno == EINTR;
        }
        connection->sent += (size_t) n;
    }
    connection->sent = connection->out.length = 0;
    return !connection->closing;
}

static void drop(int index) {
    struct connection *connection = &connections[index];
    close(connection->fd);
    free(connection->in.data);
    free(connection->out.data);
    *connection = connections[--connection_count];
}

static void accept_one(int listener) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
        connections[connection_count++] = (struct connection) {.fd = fd};
    }
}

static int listen_on(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    unlink(path);
    if (fd < 0 || bind(fd, (struct sockaddr *) &address, sizeof address) < 0 || listen(fd, 128) < 0) {
        fprintf(stderr, "sample: cannot listen on %s: %s\n", path, strerror(errno));
        exit(1);
    }
    printf("sample: listening on %s\n", path);
    return fd;
}

/* ---- misbehaviour ---- */

static void flood(long lines, long width) {
    for (long i = 0; i < lines; i++) {
        int n = printf("flood %ld ", i);
        for (; n < width; n++) {
            putchar('.');
        }
        putchar('\n');
    }
}

static void mount_volume(const char *name) {
    char path[512];
    if (strchr(name, '/') || snprintf(path, sizeof path, VOLUMES "/%s", name) >= (int) sizeof path) {
        fprintf(stderr, "sample: bad volume name\n");
        exit(1);
    }
    mkdir(VOLUMES, 0755);
    mkdir(path, 0755);
    if (mount("sample", path, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m") < 0) {
        fprintf(stderr, "sample: cannot mount %s: %s\n", path, strerror(errno));
        exit(1);
    }
    printf("sample: mounted %s\n", path);
}

static void crash(void) {
    const char *code = setting("SAMPLE_EXIT_CODE");
    if (strcmp(code, "segv") == 0) {
        fprintf(stderr, "sample: reading where nothing is\n");
        volatile uintptr_t nowhere = 8; /* volatile: else the compiler sees through it and complains */
        *(volatile int *) nowhere = 1;
    }
    int number = (int) number_setting("SAMPLE_EXIT_CODE", 1);
    fprintf(stderr, "sample: crashing with code %d\n", number);
    exit(number);
}

static void handle_signals(void) {
    struct sigaction action = {0};
    action.sa_handler = strcmp(setting("SAMPLE_IGNORE_SIGTERM"), "1") == 0 ? SIG_IGN : on_term;
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
    /* Blocked outside ppoll, so that a signal between the test of the flag and the wait is not missed. */
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    sigaddset(&blocked, SIGINT);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
}

static void greet(int argc, char **argv) {
    printf("sample: started");
    for (int i = 1; i < argc; i++) {
        printf(" %s", argv[i]);
    }
    printf("\n");
    fprintf(stderr, "sample: this line goes to stderr\n");
    fputs(setting("SAMPLE_LOG_UNENDED"), stderr);
    fflush(stderr);
}

static void wait_and_serve(int listener, int64_t until) {
    struct pollfd polled[MAX_CONNECTIONS + 1];
    sigset_t none;
    sigemptyset(&none);
    bool room = connection_count < MAX_CONNECTIONS;
    polled[0] = (struct pollfd) {.fd = room ? listener : -1, .events = POLLIN};
    int count = connection_count;
    for (int i = 0; i < count; i++) {
        bool sending = connections[i].sent < connections[i].out.length;
        polled[i + 1] = (struct pollfd) {.fd = connections[i].fd, .events = sending ? POLLOUT : POLLIN};
    }
    int64_t left = until < 0 ? -1 : until - now_ms();
    struct timespec timeout = {.tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000};
    if (until >= 0 && left <= 0) {
        return;
    }
    if (ppoll(polled, (nfds_t) count + 1, until < 0 ? NULL : &timeout, &none) <= 0) {
        return;
    }
    for (int i = count - 1; i >= 0; i--) { /* downwards: drop() moves the last one here, which is done already */
        struct connection *connection = &connections[i];
        short events = polled[i + 1].revents;
        bool alive = true;
        if (events & (POLLIN | POLLHUP | POLLERR)) {
            alive = read_some(connection);
        }
        if (alive && events) {
            if (events & POLLIN) serve_all(connection);
            alive = write_some(connection);
            if (alive && connection->out.length == 0) {
                serve_all(connection);
                alive = write_some(connection);
            }
        }
        if (!alive) {
            drop(i);
        }
    }
    if (polled[0].revents & POLLIN) {
        accept_one(listener);
    }
}

int main(int argc, char **argv) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    setvbuf(stderr, NULL, _IOLBF, 0);
    handle_signals();
    quiet = strcmp(setting("SAMPLE_QUIET"), "1") == 0;
    int64_t started = now_ms();
    long crash_after = number_setting("SAMPLE_CRASH_AFTER_MS", -1);
    int64_t crash_at = crash_after < 0 ? -1 : started + crash_after;
    int64_t listen_at = started + number_setting("SAMPLE_START_DELAY_MS", 0);
    bool listens = strcmp(setting("SAMPLE_NO_SOCKET"), "1") != 0;
    int listener = -1;
    greet(argc, argv);
    if (*setting("SAMPLE_MOUNT")) {
        mount_volume(setting("SAMPLE_MOUNT"));
    }
    flood(number_setting("SAMPLE_LOG_FLOOD", 0), number_setting("SAMPLE_LOG_WIDTH", 0));
    use_memory(number_setting("SAMPLE_USE_MEMORY_MB", 0));
    while (!term_received) {
        int64_t now = now_ms();
        if (crash_at >= 0 && now >= crash_at) {
            crash();
        }
        if (listens && listener < 0 && now >= listen_at) {
            listener = listen_on(SOCKET_PATH);
        }
        int64_t until = crash_at;
        if (listens && listener < 0 && (until < 0 || listen_at < until)) {
            until = listen_at;
        }
        wait_and_serve(listener, until);
    }
    printf("sample: ending on SIGTERM\n");
    if (listener >= 0) {
        unlink(SOCKET_PATH);
    }
    return 0;
}
