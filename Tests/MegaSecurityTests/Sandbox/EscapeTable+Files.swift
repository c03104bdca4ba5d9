// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// The attempts, by what they go for.
enum EscapeTable {
    static let all = files + protected + sockets + processes + kernel + resources + endurance + network

    /// Reading and writing elsewhere.
    static let files: [EscapeAttempt] = [
        .shell("Read a file of the host outside", "cat $OUT/file 2>/dev/null | grep -q canary && echo ESCAPED; echo tried", outside: true),
        .shell("Read a hidden file in a readable folder", "cat $RO/hidden/secret 2>/dev/null | grep -q canary && echo ESCAPED; echo tried", outside: true),
        .shell(
            "Read what strangers may not: password hashes, keys",
            """
            for f in /etc/shadow /etc/gshadow /etc/shadow- /etc/ssl/private /etc/sudoers; do
              [ -f $f ] && [ -n "$(cat $f 2>/dev/null)" ] && echo ESCAPED $f; [ -d $f ] && [ -n "$(ls -A $f 2>/dev/null)" ] && echo ESCAPED $f
            done; echo tried
            """, outside: true),
        .shell(
            "Read home folders and temporary files of others",
            "for d in /root /home /tmp /var/tmp /run /srv /mnt /var/lib /var/log; do [ -n \"$(ls -A $d 2>/dev/null | grep -v '^megabot-test-')\" ] && echo ESCAPED $d; done; echo tried",
            outside: true),
        .shell(
            "Write anywhere else",
            """
            for d in / /etc /usr /usr/bin /usr/local/bin /bin /lib /opt /var /root /home /dev /proc /sys /run $OUT $RO; do
              ( : > $d/.escape ) 2>/dev/null && echo ESCAPED $d
            done; echo tried
            """),
        .shell("Append to a file everybody may write", "( echo x >> $RO/file ) 2>/dev/null && echo ESCAPED; ( echo x >> $OUT/file ) 2>/dev/null && echo ESCAPED; echo tried"),
        .shell("Truncate a file everybody may write", "truncate -s 0 $RO/file 2>/dev/null && echo ESCAPED; echo tried"),
        .shell("Change the mode of a file outside", "chmod 600 $RO/file 2>/dev/null && echo ESCAPED; echo tried"),
        .shell("Remove or rename a file outside", "rm -f $RO/file 2>/dev/null; mv $RO/file $RO/other 2>/dev/null && echo ESCAPED; echo tried"),
        .shell("A symbolic link out of the folder, written through", "ln -s $OUT/file link; ( echo x >> link ) 2>/dev/null && echo ESCAPED; ln -s $RO/file two; ( echo x >> two ) 2>/dev/null && echo ESCAPED; echo tried"),
        .shell("A symbolic link to a folder outside, read through", "ln -s $OUT l; cat l/file 2>/dev/null | grep -q canary && echo ESCAPED; ln -s $RO/hidden h; cat h/secret 2>/dev/null | grep -q canary && echo ESCAPED; echo tried", outside: true),
        .shell("A hard link to a file outside", "ln $RO/file hard 2>/dev/null && echo ESCAPED; ln $OUT/file hard2 2>/dev/null && echo ESCAPED; ln /etc/passwd hard3 2>/dev/null && echo ESCAPED; echo tried"),
        .shell("Rename the working folder away", "d=$PWD; cd ..; mv $d $d-moved 2>/dev/null && echo ESCAPED; rmdir $d 2>/dev/null && echo ESCAPED; echo tried"),
        .shell("Upwards out of the folder", "ls ../../../../../../root/.ssh >/dev/null 2>&1 && echo ESCAPED; ( : > ../escape ) 2>/dev/null && echo ESCAPED; echo tried"),
        .shell("Through the root of another process", "for p in 1 2 self; do cat /proc/$p/root$OUT/file /proc/$p/cwd$OUT/file 2>/dev/null | grep -q canary && echo ESCAPED; done; echo tried", outside: true),
        .python("By file handle", """
            def handle():
                buffer = ctypes.create_string_buffer(struct.pack('Ii', 128, 0) + bytes(128))
                mount = ctypes.c_int()
                call(303, 264, -100, b'/', buffer, ctypes.byref(mount), 0)
                root = os.open('/', os.O_RDONLY)
                os.close(call(304, 265, root, buffer, os.O_RDONLY))
            attempt('open_by_handle_at', handle)
            """, outside: true),
        .python("Device nodes", """
            attempt('mknod', lambda: os.mknod('disk', 0o600 | 0o060000, os.makedev(254, 0)))
            attempt('mknod tmp', lambda: os.mknod('/tmp/disk', 0o600 | 0o020000, os.makedev(1, 1)))
            for path in ('/dev/mem', '/dev/kmem', '/dev/port', '/dev/vda', '/dev/sda', '/dev/nvme0n1', '/dev/loop0', '/dev/loop-control', '/dev/kvm', '/dev/fuse', '/dev/net/tun', '/dev/vsock', '/dev/uinput'):
                attempt(path, lambda: os.open(path, os.O_RDONLY))
            """),
        .python("A set-uid file for later", """
            open('plain', 'w').close()
            attempt('chmod', lambda: os.chmod('plain', 0o4755))
            attempt('fchmod', lambda: os.fchmod(os.open('plain', os.O_RDONLY), 0o2755))
            attempt('fchmodat2', lambda: call(452, 452, -100, b'plain', 0o4755, 0))
            def create():
                old = os.umask(0)
                os.close(os.open('made', os.O_CREAT | os.O_WRONLY, 0o4777))
                os.umask(old)
                return os.stat('made').st_mode & 0o6000 != 0
            attempt('open', create)
            how = struct.pack('QQQ', os.O_CREAT | os.O_WRONLY, 0o4755, 0)
            attempt('openat2', lambda: call(437, 437, -100, b'made2', how, 24))
            attempt('mknod', lambda: os.mknod('made3', 0o100000 | 0o4755))
            """, outside: true),
        .python("Become somebody else", """
            attempt('setuid', lambda: os.setuid(1))
            attempt('setgroups', lambda: os.setgroups([0, 1]))
            attempt('setgid', lambda: os.setgid(1))
            attempt('chown', lambda: (open('f', 'w').close(), os.chown('f', 1, 1)))
            attempt('new privileges', lambda: libc.prctl(39, 0, 0, 0, 0) != 1)
            """, outside: true),
        .shell("Programs with the set-uid bit", "su -s /bin/sh -c 'echo ESCAPED' nobody 2>/dev/null </dev/null; echo tried", outside: true),
        .shell("Leave something for the next command", "( : > /tmp/left ) 2>/dev/null; ( : > /dev/shm/left ) 2>/dev/null; ( : > /var/tmp/left ) 2>/dev/null; echo tried", aftermath: { _ in
            ["/tmp/left", "/dev/shm/left", "/var/tmp/left"].first { exists($0) }.map { "\($0) is on the host" }
        }),
    ]

    /// Names inside the folder that stay as they are.
    static let protected: [EscapeAttempt] = [
        .shell("Plant a git hook", "( echo '#!/bin/sh' > .git/hooks/pre-commit ) 2>/dev/null && echo ESCAPED; echo tried", landlock: false, outside: true),
        .shell("Change git's configuration", "( echo '[core] hooksPath = /tmp' >> .git/config ) 2>/dev/null && echo ESCAPED; echo tried", landlock: false),
        .shell("Move the repository away and make another", "mv .git g 2>/dev/null && mkdir -p .git/hooks && echo ESCAPED; mv .git/hooks .git/h 2>/dev/null && echo ESCAPED; rm -rf .git 2>/dev/null; mkdir .git 2>/dev/null && echo ESCAPED; echo tried", landlock: false),
        .shell("Point the repository to other settings", "mkdir -p evil/hooks; echo ../evil > .git/commondir; echo tried", landlock: false, aftermath: { ground in
            exists(ground.workspace.path + "/.git/commondir") ? "git takes its settings from elsewhere" : nil
        }),
        .shell("Start files that do not exist yet", "for f in .bashrc .profile .zshrc .envrc; do ( echo evil > $f ) 2>/dev/null && echo ESCAPED $f; mkdir $f 2>/dev/null && echo ESCAPED $f; ln -s /tmp/x $f 2>/dev/null && echo ESCAPED $f; done; echo tried", landlock: false, outside: true),
        .shell("Folders that do not exist yet", "for d in .vscode .ssh .idea .claude; do mkdir $d 2>/dev/null && echo ESCAPED $d; ( : > $d/x ) 2>/dev/null && echo ESCAPED $d/x; done; echo tried", landlock: false),
        .shell("Remove what protects, then plant", "for f in .bashrc .vscode; do rmdir $f 2>/dev/null && echo ESCAPED; rm -rf $f 2>/dev/null; mv $f x 2>/dev/null && echo ESCAPED; chmod 777 $f 2>/dev/null && echo ESCAPED; done; echo tried", landlock: false),
        .shell("Rename or link over a protected name", "echo evil > e; mv -T e .bashrc 2>/dev/null && echo ESCAPED; echo evil > e; ln -f e .bashrc 2>/dev/null; mv -f e .git/config 2>/dev/null && echo ESCAPED; mkdir d; mv -T d .vscode 2>/dev/null && echo ESCAPED; echo tried", landlock: false),
        .python("Exchange a protected name", """
            open('e', 'w').close(); os.mkdir('d')
            attempt('exchange file', lambda: call(316, 276, -100, b'e', -100, b'.git/config', 2))
            attempt('exchange folder', lambda: call(316, 276, -100, b'd', -100, b'.git', 2))
            """, landlock: false, outside: true),
        .python("A hard link to a protected file, written under the other name", """
            attempt('link', lambda: os.link('.git/config', 'config'))
            attempt('write', lambda: open('config', 'a').write('x') if os.path.exists('config') else False)
            """, landlock: false),
    ]

    /// Services of the host.
    static let sockets: [EscapeAttempt] = [
        .python("A Unix socket that can be seen", """
            def connect():
                s = socket.socket(socket.AF_UNIX); s.connect(env['RO'] + '/socket')
            attempt('socket', connect)
            """, outside: true),
        .python("An abstract Unix socket", """
            def connect():
                s = socket.socket(socket.AF_UNIX); s.connect('\\0' + env['ABSTRACT'])
            attempt('abstract', connect)
            """, outside: true),
        .python("An abstract Unix socket with the network open", """
            def connect():
                s = socket.socket(socket.AF_UNIX); s.connect('\\0' + env['ABSTRACT'])
            attempt('abstract', connect)
            """, network: .open, outside: true),
        .python("The container engine, the message bus, the system's own sockets", """
            for path in ('/var/run/docker.sock', '/run/docker.sock', '/run/dbus/system_bus_socket', '/run/systemd/private', '/run/containerd/containerd.sock', '/run/snapd.socket'):
                def connect():
                    s = socket.socket(socket.AF_UNIX); s.connect(path)
                attempt(path, connect)
            """),
        .shell("The keys' agent and the session's bus", "[ -n \"$SSH_AUTH_SOCK$DBUS_SESSION_BUS_ADDRESS$XDG_RUNTIME_DIR$GPG_AGENT_INFO\" ] && echo ESCAPED; ls /tmp/ssh-* /run/user >/dev/null 2>&1 && echo ESCAPED; echo tried"),
        .python("Shared memory and message queues of the host", """
            key = int(env['SHM'])
            attempt('shmget', lambda: libc.shmget(key, 1, 0o666) >= 0)
            attempt('mqueue', lambda: os.listdir('/dev/mqueue') != [] and os.listdir('/dev/mqueue'))
            """, outside: true),
        .shell("Inherited descriptors", "for n in 3 4 5 6 7 8 9 10 11 12 20 50; do ( : <&$n ) 2>/dev/null && echo ESCAPED $n; ( : >&$n ) 2>/dev/null && echo ESCAPED $n; done; echo tried"),
        .python("All inherited descriptors", """
            for number in range(3, 256):
                try:
                    os.fstat(number)
                    print('ESCAPED', number)
                except OSError: pass
            """),
        .shell("Secrets of the environment", "env | grep -i -E 'canary|secret|token|api_key|AWS_' && echo ESCAPED; cat /proc/1/environ /proc/2/environ 2>/dev/null | tr '\\0' '\\n' | grep -i canary && echo ESCAPED; echo tried", outside: true),
    ]
}
