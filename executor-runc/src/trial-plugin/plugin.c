/*
 * A plugin for tests: a volume driver whose volumes are tmpfs below its propagated mount, and which does to a call whatever a
 * bad plugin may do. A thread for each connection. It answers
 *
 *   POST /VolumeDriver.*   as Docker's volume protocol says; but a volume called hangcreate, hangmount or hangunmount
 *                          is one that this is never answered for, one called hanglist hangs every list, the mount
 *                          point of one called outside is /etc, and that of one called garbage no JSON
 *   POST /Bad.Hang         nothing, ever
 *   POST /Bad.Garbage      bytes that are no HTTP
 *   POST /Bad.Json         HTTP whose body is no JSON
 *   POST /Bad.Close        nothing: it closes the connection
 *   POST /Bad.Half         the beginning of an answer, and closes the connection
 *   POST /Bad.Flood        10 GB
 *   POST /Bad.Die          the beginning of an answer, and ends with code 3
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET_PATH "/run/docker/plugins/trial.sock"
#define VOLUMES "/mnt/volumes"
#define MAX_REQUEST 65536
#define MAX_NAME 64
#define MAX_MOUNTED 64
#define FLOOD (10ll << 30)

struct request {
    char text[MAX_REQUEST + 1];
    size_t length; /* of what was read */
    size_t whole;  /* of head and body */
    char *path, *body;
};

static bool send_all(int fd, const void *data, size_t length) {
    const char *at = data;
    while (length > 0) {
        ssize_t n = send(fd, at, length, MSG_NOSIGNAL);
        if (n <= 0) {
            return false;
        }
        at += n;
        length -= (size_t) n;
    }
    return true;
}

static bool answer(int fd, int status, const char *body) {
    char head[128];
    int n = snprintf(head, sizeof head, "HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                     status, strlen(body));
    return send_all(fd, head, (size_t) n) && send_all(fd, body, strlen(body));
}

static bool fail(int fd, const char *what) {
    char body[256];
    snprintf(body, sizeof body, "{\"Err\":\"%s: %s\"}", what, strerror(errno));
    return answer(fd, 500, body);
}

static bool hang(int fd) {
    char ignored[4096];
    while (read(fd, ignored, sizeof ignored) > 0) {
    }
    return false;
}

/* ---- volumes ---- */

/* How often volumes are mounted: the first mounts, the last one unmounts. */
static struct {
    char name[MAX_NAME];
    int times;
} mounted[MAX_MOUNTED];
static pthread_mutex_t counting = PTHREAD_MUTEX_INITIALIZER;

/* How often a volume was mounted before this changed it by one; one that is not mounted is not mounted less. */
static int count(const char *name, int by) {
    int at = -1, before = 0;
    pthread_mutex_lock(&counting);
    for (int i = 0; i < MAX_MOUNTED; i++) {
        if (mounted[i].times > 0 && strcmp(mounted[i].name, name) == 0) {
            at = i;
            break;
        }
        at = at < 0 && by > 0 && mounted[i].times == 0 ? i : at;
    }
    if (at >= 0) {
        before = mounted[at].times;
        snprintf(mounted[at].name, MAX_NAME, "%s", name);
        mounted[at].times += by;
    }
    pthread_mutex_unlock(&counting);
    return before;
}

/* The text after "Name":, if it is a name that a folder may have. */
static bool name_of(const struct request *request, char name[MAX_NAME]) {
    const char *at = strstr(request->body, "\"Name\":\"");
    size_t n = 0;
    for (at = at ? at + 8 : ""; *at && *at != '"' && n < MAX_NAME - 1; at++) {
        if (*at == '/' || *at == '\\') {
            return false;
        }
        name[n++] = *at;
    }
    name[n] = '\0';
    return n > 0 && name[0] != '.';
}

static bool create_volume(int fd, const char *path) {
    return mkdir(path, 0755) < 0 && errno != EEXIST ? fail(fd, "create") : answer(fd, 200, "{\"Err\":\"\"}");
}

static bool mount_volume(int fd, const char *name, const char *path) {
    char text[512];
    if (strcmp(name, "outside") == 0) {
        return answer(fd, 200, "{\"Mountpoint\":\"/etc\"}");
    }
    if (strcmp(name, "garbage") == 0) {
        return answer(fd, 200, "{{{ is no JSON");
    }
    snprintf(text, sizeof text, "{\"Mountpoint\":\"%s\",\"Err\":\"\"}", path);
    if (count(name, 1) > 0) {
        return answer(fd, 200, text);
    }
    if (mount("trial", path, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m") < 0) {
        count(name, -1);
        return fail(fd, "mount");
    }
    snprintf(text, sizeof text, "%s/hello", path);
    FILE *file = fopen(text, "w");
    if (!file) {
        return fail(fd, "write");
    }
    fprintf(file, "written by the plugin into %s\n", name);
    fclose(file);
    snprintf(text, sizeof text, "{\"Mountpoint\":\"%s\",\"Err\":\"\"}", path);
    return answer(fd, 200, text);
}

static bool unmount_volume(int fd, const char *name, const char *path) {
    if (count(name, -1) > 1) {
        return answer(fd, 200, "{\"Err\":\"\"}");
    }
    return umount2(path, 0) < 0 ? fail(fd, "unmount") : answer(fd, 200, "{\"Err\":\"\"}");
}

static bool list_volumes(int fd) {
    char text[8192] = "{\"Volumes\":[";
    size_t n = strlen(text);
    DIR *folder = opendir(VOLUMES);
    for (struct dirent *entry; folder && (entry = readdir(folder)) && n < sizeof text - 512;) {
        if (entry->d_name[0] != '.') {
            n += (size_t) snprintf(text + n, sizeof text - n, "%s{\"Name\":\"%s\"}",
                                   text[n - 1] == '[' ? "" : ",", entry->d_name);
        }
    }
    if (folder) {
        closedir(folder);
    }
    snprintf(text + n, sizeof text - n, "],\"Err\":\"\"}");
    return answer(fd, 200, text);
}

static bool drive(int fd, const struct request *request) {
    const char *what = request->path + strlen("/VolumeDriver.");
    char name[MAX_NAME], path[128], text[512];
    if (strcmp(what, "Capabilities") == 0) {
        return answer(fd, 200, "{\"Capabilities\":{\"Scope\":\"local\"},\"Err\":\"\"}");
    }
    if (strcmp(what, "List") == 0) {
        return access(VOLUMES "/hanglist", F_OK) == 0 ? hang(fd) : list_volumes(fd);
    }
    if (!name_of(request, name)) {
        return answer(fd, 400, "{\"Err\":\"no usable name\"}");
    }
    snprintf(path, sizeof path, VOLUMES "/%s", name);
    if (strcmp(what, "Create") == 0) {
        return strcmp(name, "hangcreate") == 0 ? hang(fd) : create_volume(fd, path);
    }
    if (access(path, F_OK) < 0) {
        return answer(fd, 404, "{\"Err\":\"no such volume\"}");
    }
    if (strcmp(what, "Mount") == 0) {
        return strcmp(name, "hangmount") == 0 ? hang(fd) : mount_volume(fd, name, path);
    }
    if (strcmp(what, "Unmount") == 0) {
        return strcmp(name, "hangunmount") == 0 ? hang(fd) : unmount_volume(fd, name, path);
    }
    if (strcmp(what, "Remove") == 0) {
        return rmdir(path) < 0 ? fail(fd, "remove") : answer(fd, 200, "{\"Err\":\"\"}");
    }
    if (strcmp(what, "Path") == 0) {
        snprintf(text, sizeof text, "{\"Mountpoint\":\"%s\",\"Err\":\"\"}", path);
        return answer(fd, 200, text);
    }
    if (strcmp(what, "Get") == 0) {
        snprintf(text, sizeof text, "{\"Volume\":{\"Name\":\"%s\",\"Mountpoint\":\"%s\"},\"Err\":\"\"}", name, path);
        return answer(fd, 200, text);
    }
    return answer(fd, 404, "{\"Err\":\"no such method\"}");
}

/* ---- misbehaviour: each returns whether the connection goes on ---- */

static bool flood(int fd) {
    static const char block[1 << 16] = {'x'};
    char head[128];
    int n = snprintf(head, sizeof head, "HTTP/1.1 200 X\r\nContent-Length: %lld\r\n\r\n", FLOOD);
    bool heard = send_all(fd, head, (size_t) n);
    for (long long sent = 0; heard && sent < FLOOD; sent += (long long) sizeof block) {
        heard = send_all(fd, block, sizeof block);
    }
    return heard;
}

static bool misbehave(int fd, const char *how) {
    static const char garbage[] = "\0\1\2\3 is no HTTP\r\n\r\n";
    static const char half[] = "HTTP/1.1 200 X\r\nContent-Length: 1000\r\n\r\n{\"Moun";
    if (strcmp(how, "Hang") == 0) {
        return hang(fd);
    }
    if (strcmp(how, "Garbage") == 0) {
        send_all(fd, garbage, sizeof garbage - 1);
        return false;
    }
    if (strcmp(how, "Json") == 0) {
        return answer(fd, 200, "{{{ is no JSON");
    }
    if (strcmp(how, "Half") == 0) {
        send_all(fd, half, sizeof half - 1);
        return false;
    }
    if (strcmp(how, "Flood") == 0) {
        return flood(fd);
    }
    if (strcmp(how, "Die") == 0) {
        send_all(fd, half, sizeof half - 1);
        _exit(3);
    }
    return false; /* Close */
}

/* ---- connections ---- */

static bool read_request(int fd, struct request *request) {
    size_t rest = request->length - request->whole;
    memmove(request->text, request->text + request->whole, rest);
    request->length = rest;
    for (;;) {
        request->text[request->length] = '\0';
        char *end = strstr(request->text, "\r\n\r\n");
        if (end) {
            char *length = strcasestr(request->text, "\r\ncontent-length:");
            size_t body = length && length < end ? strtoul(length + 17, NULL, 10) : 0;
            request->body = end + 4;
            request->whole = (size_t) (request->body - request->text) + body;
            if (request->whole > MAX_REQUEST) {
                return false;
            }
            if (request->length >= request->whole) {
                break;
            }
        }
        ssize_t n = read(fd, request->text + request->length, MAX_REQUEST - request->length);
        if (n <= 0) {
            return false;
        }
        request->length += (size_t) n;
    }
    request->path = strchr(request->text, ' ');
    char *end = request->path ? strchr(++request->path, ' ') : NULL;
    if (!end) {
        return false;
    }
    *end = '\0';
    return true;
}

static bool serve(int fd, const struct request *request) {
    if (strncmp(request->path, "/VolumeDriver.", 14) == 0) {
        return drive(fd, request);
    }
    if (strncmp(request->path, "/Bad.", 5) == 0) {
        return misbehave(fd, request->path + 5);
    }
    return strcmp(request->path, "/Plugin.Activate") == 0
               ? answer(fd, 200, "{\"Implements\":[\"VolumeDriver\"]}")
               : answer(fd, 404, "{\"Err\":\"no such method\"}");
}

static void *converse(void *argument) {
    int fd = (int) (intptr_t) argument;
    struct request *request = calloc(1, sizeof *request);
    while (request && read_request(fd, request) && serve(fd, request)) {
    }
    free(request);
    close(fd);
    return NULL;
}

static void on_term(int number) {
    (void) number;
    _exit(0);
}

int main(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = SOCKET_PATH};
    signal(SIGTERM, on_term);
    signal(SIGPIPE, SIG_IGN);
    unlink(SOCKET_PATH);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *) &address, sizeof address) < 0 || listen(listener, 128) < 0) {
        perror("trial: cannot listen");
        return 1;
    }
    for (;;) {
        pthread_t thread;
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0 && pthread_create(&thread, NULL, converse, (void *) (intptr_t) fd) == 0) {
            pthread_detach(thread);
        } else if (fd >= 0) {
            close(fd);
        }
    }
}
