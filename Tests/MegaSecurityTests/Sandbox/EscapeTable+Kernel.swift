// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

extension EscapeTable {
    /// Other processes.
    static let processes: [EscapeAttempt] = [
        .python("See and read processes of the host", """
            own = {os.getpid(), os.getppid(), 1, 2, 3}
            def look():
                return [name for name in os.listdir('/proc') if name.isdigit() and int(name) not in own and int(name) > 20] or False
            attempt('see', look)
            """, outside: true),
        .python("Environment, memory and descriptors of the first processes", """
            for pid in (1, 2, int(env['HOST_PID'])):
                if pid == os.getpid() or pid == os.getppid(): continue
                attempt('mem', lambda: open(f'/proc/{pid}/mem', 'r+b').read(1))
                attempt('fd', lambda: [os.open(f'/proc/{pid}/fd/{n}', os.O_RDONLY) for n in os.listdir(f'/proc/{pid}/fd') if int(n) > 2] or False)
            for pid in (1, 2):
                attempt('environ', lambda: b'canary' in open(f'/proc/{pid}/environ', 'rb').read())
            """),
        .python("Trace a process", """
            child = os.fork()
            if child == 0:
                time.sleep(5); os._exit(0)
            attempt('seize', lambda: call(101, 117, 0x4206, child, 0, 0))
            attempt('attach', lambda: call(101, 117, 16, child, 0, 0))
            os.kill(child, 9)
            traced = os.fork()
            if traced == 0:
                try: call(101, 117, 0, 0, 0, 0)
                except OSError: os._exit(0)
                os._exit(7)
            attempt('trace me', lambda: os.waitpid(traced, 0)[1] == 7 << 8)
            """, outside: true),
        .python("Read and write another process's memory", """
            buffer = ctypes.create_string_buffer(8)
            vector = struct.pack('QQ', ctypes.addressof(buffer), 8)
            attempt('read', lambda: call(310, 270, os.getpid(), vector, 1, vector, 1, 0))
            attempt('write', lambda: call(311, 271, os.getpid(), vector, 1, vector, 1, 0))
            """, outside: true),
        .python("Take a descriptor of another process", """
            def take():
                process = call(434, 434, os.getpid(), 0)
                os.close(call(438, 438, process, 0, 0))
            attempt('pidfd_getfd', take)
            """, outside: true),
        .shell("Signal the host's processes", "kill -0 $HOST_PID 2>/dev/null && [ ! -d /proc/$HOST_PID ] && echo ESCAPED; kill -9 $HOST_PID 2>/dev/null; kill -STOP $HOST_PID 2>/dev/null; echo tried"),
        .shell("Signal everything there is", "trap '' TERM HUP INT; kill -TERM -1 2>/dev/null; kill -HUP -1 2>/dev/null; kill -9 1 2>/dev/null; echo tried", mayBeKilled: true),
        .python("Limit or slow processes of the host", """
            pid = int(env['HOST_PID'])
            attempt('prlimit', lambda: resource.prlimit(pid, resource.RLIMIT_NOFILE, (8, 8)) if not os.path.exists(f'/proc/{pid}') else False)
            attempt('priority', lambda: os.setpriority(os.PRIO_PROCESS, pid, 19) if not os.path.exists(f'/proc/{pid}') else False)
            attempt('affinity', lambda: os.sched_setaffinity(pid, {0}) if not os.path.exists(f'/proc/{pid}') else False)
            """),
        .python("Raise one's own limits", """
            attempt('cores', lambda: resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, 1 << 20)))
            attempt('files', lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096)))
            attempt('memory', lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1)))
            attempt('time', lambda: resource.setrlimit(resource.RLIMIT_CPU, (-1, -1)))
            """),
        .python("Type into a terminal", """
            import fcntl, pty
            for path in ('/dev/tty', '/dev/console', '/dev/tty0', '/dev/tty1'): attempt(path, lambda: os.open(path, os.O_RDWR | os.O_NOCTTY))
            def own():
                a, b = pty.openpty()
                fcntl.ioctl(b, 0x540E, 0)
                fcntl.ioctl(b, 0x5412, b'x')
            attempt('TIOCSTI', own)
            attempt('TIOCLINUX', lambda: fcntl.ioctl(0, 0x541C, b'\\x03'))
            """),
    ]

    /// The kernel itself.
    static let kernel: [EscapeAttempt] = [
        .shell(
            "Switches of the kernel",
            """
            for f in kernel/core_pattern kernel/modprobe kernel/hostname kernel/sysrq vm/drop_caches vm/overcommit_memory fs/file-max net/ipv4/ip_forward kernel/yama/ptrace_scope user/max_user_namespaces; do
              [ -e /proc/sys/$f ] && ( cat /proc/sys/$f > /proc/sys/$f ) 2>/dev/null && echo ESCAPED $f
            done; echo tried
            """),
        .shell("The magic key and other triggers in /proc", "for f in sysrq-trigger kcore kmsg mtrr irq/default_smp_affinity bus/pci timer_list self/oom_score_adj self/uid_map self/attr/current 1/oom_score_adj; do ( : >> /proc/$f ) 2>/dev/null && echo ESCAPED $f; done; echo tried"),
        .python("Namespaces by unshare", """
            for name, flag in (('mount', 0x20000), ('cgroup', 0x2000000), ('names', 0x4000000), ('ipc', 0x8000000), ('user', 0x10000000), ('pid', 0x20000000), ('net', 0x40000000), ('time', 0x80), ('user and mount', 0x10020000)):
                attempt(name, lambda: call(272, 97, flag))
            """, outside: true),
        .python("Namespaces by clone and clone3", """
            def child(body):
                pid = body()
                if pid == 0: os._exit(0)
                os.waitpid(pid, 0)
            for flag in (0x20000, 0x10000000, 0x20000000, 0x40000000, 0x10020000):
                attempt('clone', lambda: child(lambda: call(56, 220, flag | 17, 0, 0, 0, 0)))
            arguments = struct.pack('QQQQQQQQ', 0x10000000, 0, 0, 0, 17, 0, 0, 0)
            attempt('clone3', lambda: child(lambda: call(435, 435, arguments, 64)))
            """, outside: true),
        .python("Enter a namespace", """
            for name in ('user', 'mnt', 'net', 'pid', 'ipc', 'uts', 'cgroup'):
                attempt(name, lambda: call(308, 268, os.open('/proc/1/ns/' + name, os.O_RDONLY), 0))
            """),
        .python("Mount, the old way", """
            attempt('tmpfs', lambda: call(165, 40, b'x', b'/tmp', b'tmpfs', 0, 0))
            attempt('bind', lambda: call(165, 40, b'/', b'/tmp', 0, 4096, 0))
            attempt('remount', lambda: call(165, 40, 0, b'/usr', 0, 32 | 4096, 0))
            attempt('unmount', lambda: call(166, 39, b'/proc', 2))
            attempt('unmount hidden', lambda: call(166, 39, b'/tmp', 2))
            attempt('pivot', lambda: call(155, 41, b'/', b'/tmp'))
            attempt('chroot', lambda: os.chroot('/tmp'))
            """),
        .python("Mount, the new way", """
            attempt('fsopen', lambda: call(430, 430, b'tmpfs', 0))
            attempt('open_tree', lambda: call(428, 428, -100, b'/', 1))
            attempt('move_mount', lambda: call(429, 429, -100, b'/usr', -100, b'/tmp', 0))
            attempt('mount_setattr', lambda: call(442, 442, -100, b'/usr', 0, struct.pack('QQQQ', 0, 1, 0, 0), 32))
            attempt('fspick', lambda: call(433, 433, -100, b'/', 0))
            """),
        .python("Keys of the kernel", """
            attempt('add', lambda: call(248, 217, b'user', b'escape', b'x', 1, -3))
            attempt('session', lambda: call(250, 219, 0, -3, 1))
            attempt('request', lambda: call(249, 218, b'user', b'escape', 0, -3))
            """, outside: true),
        .python("io_uring", """
            attempt('setup', lambda: call(425, 425, 4, ctypes.create_string_buffer(120)))
            attempt('enter', lambda: call(426, 426, 0, 0, 0, 0, 0, 0))
            """),
        .python("userfaultfd", "attempt('create', lambda: call(323, 282, 1))\nattempt('device', lambda: os.open('/dev/userfaultfd', os.O_RDWR))", outside: true),
        .python("Programs in the kernel and its counters", """
            attempt('bpf', lambda: call(321, 280, 0, struct.pack('IIIII', 2, 4, 4, 1, 0) + bytes(100), 120))
            attempt('perf', lambda: call(298, 241, struct.pack('IIQ', 1, 112, 0) + bytes(96), 0, -1, -1, 0))
            """, outside: true),
        .python("The kernel's log", """
            attempt('syslog', lambda: call(103, 116, 3, ctypes.create_string_buffer(4096), 4096))
            attempt('size', lambda: call(103, 116, 10, 0, 0))
            attempt('kmsg', lambda: os.read(os.open('/dev/kmsg', os.O_RDONLY | os.O_NONBLOCK), 64))
            attempt('proc', lambda: open('/proc/kmsg').read(1))
            """, outside: true),
        .python("The machine: names, clock, restart, modules, swap", """
            attempt('host name', lambda: socket.sethostname('escape'))
            attempt('clock', lambda: time.clock_settime(time.CLOCK_REALTIME, time.time()))
            attempt('reboot', lambda: call(169, 142, 0xfee1dead, 672274793, 0, 0))
            attempt('module', lambda: call(175, 105, b'', 0, b''))
            attempt('kexec', lambda: call(246, 104, 0, 0, 0, 0))
            attempt('swap', lambda: call(168, 225, b'/nowhere') )
            attempt('accounting', lambda: call(163, 89, 0))
            if INTEL: attempt('ports', lambda: call(172, 0, 3))
            """),
        .python("Control groups", """
            for root, folders, files in os.walk('/sys/fs/cgroup'):
                for name in ('cgroup.procs', 'tasks', 'pids.max', 'memory.limit_in_bytes', 'release_agent', 'notify_on_release'):
                    if name in files: attempt(root + '/' + name, lambda: open(root + '/' + name, 'r+').close())
                attempt('mkdir', lambda: os.mkdir(root + '/escape'))
            attempt('mount', lambda: call(165, 40, b'cgroup', b'/tmp', b'cgroup2', 0, 0))
            """),
        .python("Calls of another interface: x32", """
            pid = os.fork()
            if pid == 0:
                libc.syscall(ctypes.c_long(0x40000000 | 39))
                print('ESCAPED' if INTEL and ctypes.get_errno() != 38 else 'no', flush=True)
                os._exit(0)
            os.waitpid(pid, 0)
            """),
        .c("Calls of another interface: 32 bits", """
            #include <stdio.h>
            int main(void) {
            #if defined(__x86_64__)
              long result; setvbuf(stdout, NULL, _IONBF, 0); printf("tried\\n");
              __asm__ volatile("int $0x80" : "=a"(result) : "a"(20), "b"(0) : "memory");
              if (result > 0) printf("ESCAPED\\n");
            #else
              printf("tried\\n");
            #endif
              return 0;
            }
            """, mayBeKilled: true),
        .python("Watch files of the host", """
            attempt('fanotify', lambda: call(300, 262, 0, 0))
            """, outside: true),
        .python("Compare and move memory of processes", """
            attempt('kcmp', lambda: call(312, 272, os.getpid(), os.getpid(), 0, 0, 0))
            attempt('migrate', lambda: call(256, 238, os.getpid(), 0, 0, 0))
            """, outside: true),
    ]

    /// More than one's share.
    static let resources: [EscapeAttempt] = [
        .shell("A fork bomb", "( b() { b | b & }; b; sleep 1 ) 2>/dev/null; echo tried", time: .seconds(4), limits: .init(processes: 40), mayBeKilled: true),
        .python("Count how many processes there can be", """
            made = 0
            try:
                for _ in range(400):
                    if os.fork() == 0:
                        time.sleep(3); os._exit(0)
                    made += 1
            except OSError: pass
            attempt(f'{made} processes', lambda: made > 64)
            """, limits: .init(processes: 50)),
        .python("Memory of one process", """
            def eat():
                held = [bytearray(16 << 20) for _ in range(64)]
                return len(held)
            attempt('1 GiB', eat)
            """, limits: .init(memoryBytes: 256 << 20), mayBeKilled: true),
        .shell("One large file", "head -c 3000000 /dev/zero > big 2>/dev/null; [ $(wc -c < big) -gt 1000000 ] && echo ESCAPED; echo tried", limits: .init(fileBytes: 1_000_000), outside: true),
        .shell(
            "Fill the disk with many files", "i=0; while [ $i -lt 3000 ]; do head -c 1000000 /dev/zero > f$i; i=$((i+1)); done; echo ESCAPED",
            limits: .init(diskBytes: 60_000_000), mayBeKilled: true),
        .python("Fill the disk with files that have no name any more", """
            held = []
            for i in range(3000):
                held.append(os.open(f'f{i % 2}', os.O_CREAT | os.O_WRONLY))
                os.unlink(f'f{i % 2}')
                os.write(held[-1], bytes(1000000))
            print('ESCAPED')
            """, limits: .init(diskBytes: 60_000_000, openFiles: 4096), mayBeKilled: true),
        .shell("Fill the temporary folders", "for d in /tmp /dev/shm /var/tmp; do head -c 90000000 /dev/zero > $d/big 2>/dev/null && echo ESCAPED $d; done; echo tried", limits: .init(memoryBytes: 64 << 20), mayBeKilled: true),
        .shell("Flood of output", "head -c 30000000 /dev/zero; echo tried", limits: .init(outputBytes: 1000), mayBeKilled: true),
        .python("Descriptors without end", """
            def fill():
                held = [os.open('/dev/null', os.O_RDONLY) for _ in range(2000)]
                return len(held)
            attempt('2000 descriptors', fill)
            """, limits: .init(openFiles: 64)),
        .shell("Processor time without end", "echo tried; while :; do :; done", time: .seconds(15), limits: .init(cpuSeconds: 1), mayBeKilled: true),
        .shell("A core file", "cd /tmp 2>/dev/null; ulimit -c unlimited 2>/dev/null; sh -c 'kill -SEGV $$' 2>/dev/null; ls core* 2>/dev/null && echo ESCAPED; echo tried"),
    ]

    /// Outliving the command.
    static let endurance: [EscapeAttempt] = [
        .shell("A session of its own", "setsid sleep $MARK >/dev/null 2>&1 & setsid -f sleep $MARK >/dev/null 2>&1; echo tried"),
        .shell("Double fork without hang-up", "(nohup sleep $MARK >/dev/null 2>&1 &) ; ( (sleep $MARK >/dev/null 2>&1 &) & ); echo tried"),
        .python("A daemon that minds no signal", """
            if os.fork() == 0:
                for call_ in (lambda: os.setsid(), lambda: os.setpgid(0, 0)):
                    try: call_()
                    except OSError: pass
                if os.fork() == 0:
                    for number in (1, 2, 3, 13, 14, 15, 16, 18, 20, 21, 22): signal.signal(number, signal.SIG_IGN)
                    null = os.open('/dev/null', os.O_RDWR)
                    for number in (0, 1, 2): os.dup2(null, number)
                    os.execvp('sleep', ['sleep', env['MARK']])
                os._exit(0)
            os.wait()
            """),
        .shell("Beyond the deadline", "trap '' TERM INT HUP ALRM; (trap '' TERM HUP; while :; do sleep $MARK; done) & echo tried; while :; do sleep $MARK; done", time: .seconds(1), mayBeKilled: true),
        .shell("A bomb that waits for the deadline", "(sleep 1.4; echo x > $PWD/bomb; sleep $MARK) >/dev/null 2>&1 & echo tried; sleep $MARK", time: .seconds(1), mayBeKilled: true, aftermath: { ground in
            sleepSeconds(1)
            return exists(ground.workspace.path + "/bomb") ? "the bomb went off" : nil
        }),
        .shell("Fork while being killed", "f() { (sleep $MARK >/dev/null 2>&1 & f) & }; echo tried; f 2>/dev/null; sleep $MARK", time: .seconds(1), limits: .init(processes: 64), mayBeKilled: true),
        .shell("Jobs for later", "( echo 'sleep '$MARK | at now ) 2>/dev/null && echo ESCAPED; ( echo '* * * * * true' | crontab - ) 2>/dev/null && echo ESCAPED; ls /var/spool/cron >/dev/null 2>&1 && echo ESCAPED; systemd-run --user true 2>/dev/null && echo ESCAPED; echo tried"),
    ]

    /// The network, by every family.
    static let network: [EscapeAttempt] = [
        .python("IPv4", """
            for target in (('1.1.1.1', 443), ('10.0.0.1', 80), ('169.254.169.254', 80), ('100.64.0.1', 80)):
                def connect():
                    s = socket.socket(socket.AF_INET); s.settimeout(2); s.connect(target)
                attempt(str(target), connect)
            """),
        .python("IPv6", """
            for target in (('2606:4700:4700::1111', 443), ('fe80::1', 80), ('fd00:ec2::254', 80), ('::ffff:1.1.1.1', 443)):
                def connect():
                    s = socket.socket(socket.AF_INET6); s.settimeout(2); s.connect(target)
                attempt(str(target), connect)
            """),
        .python("The host's loopback", """
            port = int(env['HOST_PORT'])
            for family, host in ((socket.AF_INET, '127.0.0.1'), (socket.AF_INET, '127.0.0.2'), (socket.AF_INET, '0.0.0.0'), (socket.AF_INET6, '::1'), (socket.AF_INET6, '::ffff:127.0.0.1')):
                def connect():
                    s = socket.socket(family); s.settimeout(2); s.connect((host, port))
                attempt(host, connect)
            """, outside: true),
        .python("Datagrams and names", """
            for target in (('1.1.1.1', 53), ('8.8.8.8', 53), ('127.0.0.53', 53)):
                def send():
                    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(0.2)
                    s.sendto(b'\\x12\\x34\\x01\\x00\\x00\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x07example\\x03com\\x00\\x00\\x01\\x00\\x01', target)
                    return bool(s.recv(512))
                attempt(str(target), send)
            attempt('name', lambda: socket.getaddrinfo('example.com', 80))
            """),
        .python("Raw and packet sockets", """
            attempt('raw', lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
            attempt('raw6', lambda: socket.socket(socket.AF_INET6, socket.SOCK_RAW, 58))
            attempt('packet', lambda: socket.socket(17, socket.SOCK_RAW, 0x0300))
            attempt('old packet', lambda: socket.socket(socket.AF_INET, 10, 0x0300))
            """),
        .python("Netlink", """
            for protocol in (0, 4, 6, 9, 15, 16, 21): attempt(str(protocol), lambda: socket.socket(16, socket.SOCK_RAW, protocol))
            """, outside: true),
        .python("The virtual machine's sockets", """
            def connect():
                s = socket.socket(40, socket.SOCK_STREAM); s.settimeout(1); s.connect((2, 1))
            attempt('make', lambda: socket.socket(40, socket.SOCK_STREAM))
            attempt('connect', connect)
            """),
        .python("Every other family", """
            for family in range(3, 64):
                if family == 10: continue
                for kind in (1, 2, 3, 5): attempt(f'{family} {kind}', lambda: socket.socket(family, kind, 0))
            """, outside: true),
        .python("Every other family with the network open", """
            for family in (1, 16, 17, 38, 40, 44):
                for kind in (1, 2, 3, 5): attempt(f'{family} {kind}', lambda: socket.socket(family, kind, 0))
            attempt('raw', lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
            """, network: .open),
        .python("Past the proxy", """
            port = int(env['HOST_PORT'])
            for target in (('127.0.0.1', port), ('1.1.1.1', 443)):
                def connect():
                    s = socket.socket(socket.AF_INET); s.settimeout(2); s.connect(target)
                attempt(str(target), connect)
            """, network: .allowList(.only(["example.com:443"])), landlock: false),
        .python("Through the proxy to what is not on the list", """
            port = int(env['HOST_PORT'])
            def ask(line):
                s = socket.create_connection(('127.0.0.1', 3128), 5)
                s.sendall(line.encode() + b'\\r\\n\\r\\n')
                answer = s.recv(64)
                return b' 200 ' in answer
            for target in (f'127.0.0.1:{port}', f'localhost:{port}', f'[::1]:{port}', f'[::ffff:127.0.0.1]:{port}', f'0.0.0.0:{port}', f'2130706433:{port}', f'0x7f.1:{port}', f'127.1:{port}', '169.254.169.254:80', '[fd00:ec2::254]:80', '[64:ff9b::7f00:1]:80', 'metadata.google.internal:80', f'example.com:{port}'):
                attempt(target, lambda: ask(f'CONNECT {target} HTTP/1.1'))
                attempt(target, lambda: ask(f'GET http://{target}/ HTTP/1.1'))
            """, network: .allowList(.only(["example.com:443"])), landlock: false),
    ]
}
