/* SPDX-License-Identifier: Apache-2.0
 * Copyright (c) 2026 the MegaBot for Swift authors
 *
 * The least a WebSocket echo can cost here: one thread around epoll that neither unmasks, decrypts nor looks at a message, and
 * answers every whole frame with one of the same payload length. What it reaches is the ceiling that the kernel and the load
 * generator set for every server measured beside it. It speaks to that generator only: text frames with 16-bit lengths, and the
 * sample key of RFC 6455 section 1.3 in the upgrade. Usage: echo PORT
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { buffer_size = 262144, most_descriptors = 1024 };

struct connection {
    int upgraded;
    size_t pending; /* bytes of the frame under way that have come */
    unsigned char head[4];
};

static struct connection connections[most_descriptors];
static unsigned char input[buffer_size], output[2 * buffer_size];

static const char upgrade[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                              "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

static int send_all(int descriptor, const unsigned char *bytes, size_t count) {
    while (count > 0) {
        ssize_t sent = send(descriptor, bytes, count, MSG_NOSIGNAL);
        if (sent <= 0) return -1;
        bytes += sent;
        count -= (size_t)sent;
    }
    return 0;
}

/* Takes what came and answers what it completed; -1 ends the connection. */
static int answer(int descriptor, struct connection *connection, const unsigned char *bytes, size_t count) {
    if (!connection->upgraded) {
        connection->upgraded = 1;
        return send_all(descriptor, (const unsigned char *)upgrade, sizeof upgrade - 1);
    }
    size_t filled = 0, index = 0;
    while (index < count) {
        if (connection->pending < 4) {
            connection->head[connection->pending++] = bytes[index++];
            continue;
        }
        size_t payload = (size_t)connection->head[2] << 8 | connection->head[3];
        size_t missing = 8 + payload - connection->pending;
        size_t step = missing < count - index ? missing : count - index;
        connection->pending += step;
        index += step;
        if (step == missing) {
            if (filled + 4 + payload > sizeof output) return -1;
            output[filled] = 0x81;
            output[filled + 1] = 126;
            output[filled + 2] = connection->head[2];
            output[filled + 3] = connection->head[3];
            memset(output + filled + 4, 'x', payload);
            filled += 4 + payload;
            connection->pending = 0;
        }
    }
    return filled > 0 ? send_all(descriptor, output, filled) : 0;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fputs("usage: echo PORT\n", stderr);
        return 64;
    }
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[1]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 128) != 0) {
        perror("listen");
        return 71;
    }
    int poll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[64];
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    puts("ready");
    fflush(stdout);
    for (;;) {
        int ready = epoll_wait(poll, events, 64, -1);
        for (int index = 0; index < ready; index++) {
            int descriptor = events[index].data.fd;
            if (descriptor == listener) {
                int accepted = accept(listener, NULL, NULL);
                if (accepted < 0) continue;
                if (accepted >= most_descriptors) {
                    close(accepted);
                    continue;
                }
                setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                memset(&connections[accepted], 0, sizeof connections[accepted]);
                event.data.fd = accepted;
                epoll_ctl(poll, EPOLL_CTL_ADD, accepted, &event);
                continue;
            }
            ssize_t count = recv(descriptor, input, sizeof input, 0);
            if (count <= 0 || answer(descriptor, &connections[descriptor], input, (size_t)count) != 0) close(descriptor);
        }
    }
}
